// The whole source on a simulated Mac. On a real one it is the source of macos-source.test.ts and of the contract tests.
import { expect, it, vi } from 'vitest'
import type { ProcessFact } from '../process-facts.ts'
import { createMachine, STARTED_AT_US } from './native-machine.fixture.ts'
import { createNativeMacosSource } from './native-source.ts'
import { COLUMNS } from './parse-ps.ts'
import type { Ps } from './process-list.ts'

const SERENA = 60
const LOG = '/Users/ana/.serena/logs/2026-11-30/mcp_1_60.txt'
const S_IFREG = 0o100000
/** The start of every process of the simulated Mac, as ps prints it. */
const STARTED = 'Mon Nov 30 00:53:20 2026'

function stage(rows: readonly string[] = [], uids: Record<number, number> = {}) {
  const mac = createMachine()
  const runs: (readonly string[])[] = []
  const ps: Ps = (args) => {
    runs.push(args)
    const all = [
      `1 0 1 0 Ss 1 0:00.01 ${STARTED} /sbin/launchd`,
      `${process.pid} 1 1 501 R 1 0:00.01 ${STARTED} node`,
      ...rows,
    ]
    const wanted = args.includes('-p')
      ? all.filter((row) => row.startsWith(`${args.at(args.indexOf('-p') + 1)} `))
      : all
    return Promise.resolve({
      stdout: wanted.join('\n'),
      stderr: '',
      exitCode: wanted.length > 0 ? 0 : 1,
      pid: 9,
    })
  }
  mac.start({ pid: process.pid, name: 'node' })
  mac.start({
    pid: SERENA,
    ppid: process.pid,
    name: 'Python',
    argv: ['python3', 'serena'],
    environment: ['HOME=/Users/ana', 'SERENA_HOME=/Users/ana/.serena'],
    cwd: '/Users/ana/project',
    program: '/opt/homebrew/bin/python3.12',
    ...(uids[SERENA] !== undefined && { uid: uids[SERENA] }),
  })
  const source = createNativeMacosSource(mac.calls, ps)
  const serena = async (): Promise<ProcessFact> => {
    const fact = (await source.list()).byPid.get(SERENA)
    if (!fact) throw new Error('not listed')
    return fact
  }
  return { ...mac, source, serena, runs }
}

const variables = ['SERENA_HOME', 'XDG_DATA_HOME']

it('reads folder, environment, debugger, log, program, memory and listeners of a process', async () => {
  const { source, serena, open } = stage()
  open(SERENA, 3, { file: LOG, format: S_IFREG, isPrivate: true })
  open(SERENA, 4, { file: LOG, format: S_IFREG, isPrivate: true })
  open(SERENA, 5, { socket: 'listener [::1]:24282' })
  open(SERENA, 6, { socket: 'established' })
  const fact = await serena()
  expect(await source.details(fact, variables)).toEqual({
    cwd: '/Users/ana/project',
    environment: { SERENA_HOME: '/Users/ana/.serena' },
    tracerPid: 0,
    isFrozen: null,
    isForeignNamespace: false,
    openLogFiles: [LOG],
  })
  expect(await source.program?.(fact)).toEqual({
    executable: '/opt/homebrew/bin/python3.12',
    isForeignMounts: false,
  })
  expect(await source.memory(fact)).toEqual({ bytes: 52_428_800, kind: 'rss' })
  expect([...(await source.listeners([fact]))]).toEqual([
    [SERENA, [{ address: '::1', port: 24_282, socket: '0x9000' }]],
  ])
  expect(source.ownUid).toBe(process.getuid?.() ?? null)
})

it('recognizes a debugger as the parent of the process', async () => {
  const { source, serena, start } = stage()
  const fact = await serena()
  start({ pid: SERENA, ppid: 88, flags: 2 })
  expect((await source.details(fact, variables)).tracerPid).toBe(88)
})

it('returns nothing about a process that now has another start', async () => {
  const { source, serena, start } = stage()
  const fact = await serena()
  start({ pid: SERENA, startedAtUs: STARTED_AT_US + 1, program: '/bin/other' })
  expect(await source.details(fact, variables)).toMatchObject({
    cwd: null,
    environment: null,
    openLogFiles: null,
  })
  expect(await source.program?.(fact)).toBeNull()
  expect(await source.memory(fact)).toBeNull()
  expect(await source.connection?.(fact, [fact])).toMatchObject({ clientEnd: 'unknown' })
})

it('says why another user’s process cannot be read, and takes its arguments from ps', async () => {
  const { source, serena, runs } = stage(
    [`${SERENA} 1 1 502 S 1 0:00.01 ${STARTED} python3 serena start-mcp-server`],
    {
      [SERENA]: 502,
    },
  )
  const fact = await serena()
  expect(fact).toMatchObject({ uid: 502, argv: ['python3', 'serena', 'start-mcp-server'] })
  expect(await source.details(fact, variables)).toMatchObject({
    cwd: null,
    environment: null,
    refusal: 'macOS does not allow reading process 60: it belongs to another user or is protected.',
  })
  expect([...(await source.listeners([fact]))]).toEqual([[SERENA, null]])
  expect(runs).toContainEqual(['-ww', '-p', '60', '-o', COLUMNS])
})

it('cannot say that a process listens on nothing while a socket is hidden', async () => {
  const { source, serena, open } = stage()
  open(SERENA, 6, { socket: 'established' })
  const fact = await serena()
  expect((await source.listeners([fact])).get(SERENA)).toEqual([])
  open(SERENA, 5, { socket: 'a hidden one' })
  expect((await source.listeners([fact])).get(SERENA)).toBeNull()
})

it('compares the first list with ps, once, and reports a disagreement', async () => {
  const { source, serena, runs } = stage([`${SERENA} 77 1 501 S 1 0:00.01 ${STARTED} python3 serena`])
  await serena()
  await vi.waitFor(() =>
    expect(source.notice?.()).toBe(
      `Native calls and ps disagree about process 60 (Python): parent ${process.pid}, in ps 77. Please report this.`,
    ),
  )
  await serena()
  expect(runs).toHaveLength(1)
})

it('has nothing to report when ps agrees', async () => {
  const { source, serena, runs } = stage([
    `${SERENA} ${process.pid} 1 501 S 1 0:00.01 ${STARTED} python3 serena`,
  ])
  await serena()
  await vi.waitFor(() => expect(runs).toHaveLength(1))
  await serena()
  expect(source.notice?.()).toBeNull()
})
