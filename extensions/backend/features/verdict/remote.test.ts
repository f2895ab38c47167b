// What is said of a bridge, and of a Serena behind one.
import { expect, it } from 'vitest'
import type { InstanceFacts, ProcessFact, SerenaProcess } from '../../facts.ts'
import type { RemoteBridge } from '../../facts-remote.ts'
import { outsideRefusal } from '../../lib/remote-place.ts'
import { judge } from './verdict.ts'

const ID = '3f9c2a7d'.repeat(8)
const docker: RemoteBridge = {
  place: 'container',
  program: 'docker',
  target: 'box',
  idFile: null,
  stop: 'docker stop box',
  ports: [],
}
const process: ProcessFact = {
  identity: 'boot:20:1',
  pid: 20,
  ppid: 10,
  pgid: 20,
  sid: 20,
  uid: 1000,
  startedAtMs: 0,
  name: 'docker',
  argv: ['docker'],
  runState: 'S',
  rssBytes: 1,
  cpuMs: 1,
}
const facts = (change: Partial<InstanceFacts>, serena: Partial<SerenaProcess> = {}): InstanceFacts => ({
  serena: {
    process,
    command: {
      project: null,
      isProjectFromCwd: false,
      context: null,
      modes: [],
      transport: 'stdio',
      mcpPort: null,
      isDashboardEnabled: null,
    },
    wrappers: [],
    descendants: [],
    client: null,
    isLauncherOnly: false,
    ...serena,
  },
  details: {
    cwd: '/',
    environment: {},
    tracerPid: 0,
    isFrozen: false,
    isForeignNamespace: true,
    openLogFiles: [],
  },
  entries: [],
  entryFate: null,
  listeners: [],
  dashboard: null,
  ageMs: 90_000,
  nowMs: 90_000,
  monotonicMs: 90_000,
  ownUid: 1000,
  projectByCommand: null,
  ...change,
})
const evidence = (given: InstanceFacts): readonly string[] => judge(given).verdict.evidence

it.each([
  [docker, 'A Serena in a container; this is its client (docker to box, process 20).'],
  [
    { ...docker, place: 'windows', program: 'uvx.exe', target: null },
    'A Serena on Windows; this is its bridge (uvx.exe, process 20).',
  ],
  [
    { ...docker, place: 'machine', program: 'ssh', target: 'far' },
    'A Serena on another machine; this is its connection (ssh to far, process 20).',
  ],
] as const)('calls a bridge what it is: %#', (bridge, first) => {
  const judged = judge(facts({}, { isLauncherOnly: true, remote: { bridge, process } }))
  expect(judged).toMatchObject({ state: 'unknown', flags: [] })
  expect(judged.verdict.evidence[0]).toBe(first)
})

it('gives the line that stops a container whose client has exited, by its id where that is known', () => {
  const remote = { bridge: docker, pid: 20, isGone: true }
  expect(evidence(facts({ remote }))).toEqual(
    expect.arrayContaining([
      'Its docker client (process 20) has exited; it still runs in a container.',
      'To stop it, run: docker stop box',
    ]),
  )
  const container = { program: 'docker', id: ID, name: null }
  const given = facts({ remote })
  const details = given.details && { ...given.details, container }
  expect(evidence({ ...given, details })).toContain(`To stop it, run: docker stop ${ID}`)
  expect(evidence({ ...given, details, remote: null })).toContain(`To stop it, run: docker stop ${ID}`)
})

it('names the client of a container that runs, and says nothing of one that is here', () => {
  expect(evidence(facts({ remote: { bridge: docker, pid: 20, isGone: false } }))).toContain(
    'It runs in a container (box); process 20 (docker) is its client.',
  )
  expect(evidence(facts({})).join(' ')).not.toContain('stop')
})

it('refuses to end what runs in another place, and not what runs in a sandbox here', () => {
  const remote = { bridge: docker, pid: 20, isGone: false }
  expect(outsideRefusal({ remote, container: null })).toBe(
    'It runs in a container and is not ended from here. To stop it, run: docker stop box',
  )
  expect(outsideRefusal({ remote: null, container: { program: 'podman', id: ID, name: null } })).toContain(
    `podman stop ${ID}`,
  )
  const windows = { ...remote, bridge: { ...docker, place: 'windows' as const, stop: null } }
  expect(outsideRefusal({ remote: windows, container: null })).toContain('on Windows')
  const sandbox = { ...remote, bridge: { ...docker, place: 'sandbox' as const } }
  expect(outsideRefusal({ remote: sandbox, container: null })).toBeNull()
  expect(outsideRefusal({ remote: null, container: null })).toBeNull()
})
