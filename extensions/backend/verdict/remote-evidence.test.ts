// Evidence about a bridge, and about a Serena behind one.
import { expect, it } from 'vitest'
import { processDetails, processFact } from '../os/process-fact.fixture.ts'
import type { RemoteBridge } from '../serena/remote-facts.ts'
import { outsideRefusal } from '../serena/remote-place.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { instanceFacts } from './instance-facts.fixture.ts'
import type { InstanceFacts } from './instance-facts.ts'
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
const process = processFact({ pid: 20, ppid: 10, argv: ['docker'] })
const facts = (change: Partial<InstanceFacts>, serena: Partial<SerenaProcess> = {}) =>
  instanceFacts({
    serena: serenaProcess({ process, ...serena }),
    details: processDetails({ isForeignNamespace: true }),
    listeners: [],
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
] as const)('describes a bridge: %#', (bridge, first) => {
  const judged = judge(facts({}, { isLauncherOnly: true, remote: { bridge, process } }))
  expect(judged).toMatchObject({ state: 'unknown', flags: [] })
  expect(judged.verdict.evidence[0]).toBe(first)
})

it('names the command that stops a container whose client has exited, with its id if it is known', () => {
  const remote = { bridge: docker, pid: 20, hasExited: true }
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

it('names the running client of a container, and nothing for a local instance', () => {
  expect(evidence(facts({ remote: { bridge: docker, pid: 20, hasExited: false } }))).toContain(
    'It runs in a container (box); process 20 (docker) is its client.',
  )
  expect(evidence(facts({})).join(' ')).not.toContain('stop')
})

it('refuses to end an instance in another place, but not one in a local sandbox', () => {
  const remote = { bridge: docker, pid: 20, hasExited: false }
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
