// Clients that are not visible, unknown launchers, and clients that have exited: facts from the kernel decide.
import { execFile } from 'node:child_process'
import { chmod, chown } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { innerToOuterPid } from '../helpers/inner-pid.ts'
import {
  fakeSerena,
  hasEnded,
  python,
  type Stage,
  type StageStart,
  startStage,
} from '../helpers/mcp-stage.ts'
import { asOtherUser, inOwnPids, NOBODY, whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, markTree } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { printVerdictRow } from '../helpers/verdict-rows.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const why = whyNoIsolation()
const run = promisify(execFile)
const RED_WITHIN_MS = 10_000

async function openFolder(name: string): Promise<string> {
  const folder = await makeTempFolder(scope, name)
  await chmod(folder, 0o777)
  return folder
}

/** A folder of the user that runs the backend. */
async function ownFolder(name: string): Promise<string> {
  const folder = await makeTempFolder(scope, name)
  await chown(folder, NOBODY, NOBODY)
  return folder
}

const instancesOf = async (backend: TestBackend): Promise<Map<number | null, Instance>> =>
  new Map((await backend.call('instances')).instances.map((one) => [one.pid, one]))

interface Case {
  situation: string
  start: Omit<StageStart, 'serenaHome'>
  /** Makes the client exit; absent: it stays connected. */
  leave?: (stage: Stage) => Promise<void>
}

/** A sibling keeps the write end open, so that the Serena never reads an end of file. */
const leaveWithSibling = async (stage: Stage): Promise<void> => {
  await stage.leak('input')
  stage.killClient()
}
const viaPython = [python, '-c', 'import subprocess,sys; subprocess.call(sys.argv[1:])', ...fakeSerena]
const viaBash = ['bash', '-c', '"$@"; true', 'wrapper', ...fakeSerena]
const asRootForUser = [...asOtherUser, ...fakeSerena]

const SERVED: readonly Case[] = [
  {
    situation: 'the pipe ends are held by root',
    start: { channel: 'pipe', command: asRootForUser, starterLeaves: true },
  },
  {
    situation: 'sockets held by root',
    start: { channel: 'sockets', command: asRootForUser, starterLeaves: true },
  },
  {
    situation: 'the client hides its descriptors and its starter has exited',
    start: { channel: 'pipe', runner: asOtherUser, hides: true, starterLeaves: true, env: { FAKE_MCP: '2' } },
  },
  {
    situation: 'the starter has exited',
    start: { channel: 'pipe', runner: asOtherUser, starterLeaves: true },
  },
  {
    situation: "the client's first thread has exited",
    start: { channel: 'pipe', runner: asOtherUser, leaderExits: true },
  },
  {
    situation: 'an exited language server, with an invisible client',
    start: {
      channel: 'pipe',
      command: asRootForUser,
      starterLeaves: true,
      env: { FAKE_MCP: '2', FAKE_LANGUAGE_SERVER: 'dead' },
    },
  },
  { situation: 'a named pipe', start: { channel: 'fifo', runner: asOtherUser } },
  { situation: 'a terminal', start: { channel: 'pty', runner: asOtherUser } },
  {
    situation: 'a sibling inherited the read end',
    start: { channel: 'pipe', runner: asOtherUser },
    async leave(stage) {
      await stage.leak('output')
      await stage.leak('input')
      stage.killClient()
    },
  },
]
const LEAVING: readonly Case[] = [
  {
    situation: 'a Python script between',
    start: { channel: 'pipe', command: viaPython },
    leave: leaveWithSibling,
  },
  {
    situation: 'bash between',
    start: { channel: 'pipe', command: viaBash, env: { FAKE_MCP: '2' } },
    leave: leaveWithSibling,
  },
  { situation: 'sockets', start: { channel: 'sockets', env: { FAKE_MCP: '2' } }, leave: leaveWithSibling },
  { situation: 'one socket', start: { channel: 'socket' }, leave: async (stage) => stage.killClient() },
  {
    situation: 'the client is running but no longer reads',
    start: { channel: 'pipe', env: { FAKE_MCP: '2', FAKE_LANGUAGE_SERVER: 'alive' } },
    leave: (stage) => stage.close('output'),
  },
  {
    situation: "root's pipe",
    start: { channel: 'pipe', command: asRootForUser, runner: [] },
    leave: leaveWithSibling,
  },
  { situation: 'a hidden client', start: { channel: 'pipe', hides: true }, leave: leaveWithSibling },
]
const LEFT: readonly Case[] = LEAVING.map((one) => ({ ...one, start: { runner: asOtherUser, ...one.start } }))

describe.skipIf(why !== null)(
  `clients that are not visible${why === null ? '' : ` (skipped: ${why})`}`,
  () => {
    test('a Serena with a client is never red; the others are red within 10 s and are ended', async () => {
      const home = await openFolder('home')
      const state = await ownFolder('state')
      const stages = await Promise.all(
        [...SERVED, ...LEFT].map(async (one) => ({
          ...one,
          stage: await startStage(scope, { serenaHome: home, ...one.start }),
        })),
      )
      const backend = await startBackend(scope, { homes: [home], stateFolder: state, runner: asOtherUser })
      await waitUntil('all to be listed', async () => {
        const seen = await instancesOf(backend)
        return stages.every(({ stage }) => seen.has(stage.server.pid))
      })
      const leaving = new Map<Stage, number>()
      for (const { stage, leave } of stages) {
        if (!leave) continue
        await leave(stage)
        leaving.set(stage, Date.now())
      }
      const left = stages.filter(({ situation }) => LEFT.some((one) => one.situation === situation))
      const redAfterMs = new Map<Stage, number>()
      const wrong: string[] = []
      await waitUntil(
        'all without a client to be red',
        async () => {
          const seen = await instancesOf(backend)
          for (const { stage, situation } of stages) {
            if (seen.get(stage.server.pid)?.colour !== 'red' || redAfterMs.has(stage)) continue
            redAfterMs.set(stage, Date.now() - (leaving.get(stage) ?? 0))
            if (!left.some((one) => one.stage === stage)) wrong.push(`red: ${situation}`)
          }
          return left.every(({ stage }) => redAfterMs.has(stage))
        },
        { everyMs: 100 },
      ).catch(async () => {
        const seen = await instancesOf(backend)
        for (const { stage, situation } of left)
          if (!redAfterMs.has(stage))
            wrong.push(`not red: ${situation}: ${JSON.stringify(seen.get(stage.server.pid)?.verdict)}`)
      })
      expect(wrong).toEqual([])
      for (const { stage, situation } of left)
        if ((redAfterMs.get(stage) ?? Number.NaN) > RED_WITHIN_MS)
          wrong.push(`${situation}: red after ${redAfterMs.get(stage)} ms`)

      // A backend started only now, and one without the native calls, which cannot prove anything about pipes.
      const startLate = async (env: NodeJS.ProcessEnv): Promise<TestBackend> =>
        startBackend(scope, { homes: [home], stateFolder: await ownFolder('late'), runner: asOtherUser, env })
      const [late, blind] = await Promise.all([startLate({}), startLate({ SERENA_DECK_NATIVE: '0' })])
      await waitUntil('the late backend to report every zombie', async () => {
        const seen = await instancesOf(late)
        return left.every(({ stage }) => seen.get(stage.server.pid)?.colour === 'red')
      })
      const [seenLate, seenBlind] = [await instancesOf(late), await instancesOf(blind)]
      for (const { stage, situation, start } of stages) {
        const isLeft = left.some((one) => one.stage === stage)
        if (!isLeft && seenLate.get(stage.server.pid)?.colour === 'red')
          wrong.push(`red, seen late: ${situation}`)
        if (seenBlind.get(stage.server.pid)?.colour === 'red' && (!isLeft || start.channel === 'pipe'))
          wrong.push(`red without proof: ${situation}`)
      }
      const now = await instancesOf(backend)
      for (const { stage, situation } of stages)
        printVerdictRow({
          situation,
          isServed: !left.some((one) => one.stage === stage),
          seen: now.get(stage.server.pid),
          late: seenLate.get(stage.server.pid),
          blind: seenBlind.get(stage.server.pid),
        })
      const { notices } = await blind.call('instances')
      expect(notices.map(({ text }) => text).join()).toMatch(/Cannot confirm orphans/)
      expect(wrong).toEqual([])

      await run(
        'setpriv',
        [...asOtherUser.slice(1), process.execPath, cliProgram, 'kill', '--zombies', '--yes'],
        {
          env: { ...process.env, ...backend.env },
        },
      )
      for (const { stage } of left) await hasEnded(stage.server)
      for (const { stage, situation, leave } of stages.filter((one) => !left.includes(one))) {
        expect([situation, isAlive(stage.server)]).toEqual([situation, true])
        if (!leave) expect([situation, await stage.ping()]).toEqual([situation, stage.server.pid])
      }
    })

    test('accepts clients outside the pid namespace', async () => {
      const home = await openFolder('home')
      const namespace = startDrivenProgram(
        scope,
        inOwnPids[0] ?? '',
        [...inOwnPids.slice(1), 'sh', '-c', 'echo "{}"; exec sleep 600'],
        { cwd: home, env: process.env },
      )
      await namespace.said(() => true)
      const [inside] = markTree(namespace.mark.pid).slice(1)
      if (!inside) throw new Error('no process in the namespace')
      const enter = ['nsenter', '-t', String(inside.pid), '-p', '-m', '--']
      const outerOf = (inner: number): number => innerToOuterPid(inner, inside.pid)
      const starts: Omit<StageStart, 'serenaHome'>[] = [
        { channel: 'pipe', command: [...enter, ...fakeSerena] },
        { channel: 'sockets', command: [...enter, ...fakeSerena], env: { FAKE_MCP: '2' } },
        { channel: 'pipe', command: [...enter, ...fakeSerena], starterLeaves: true, env: { FAKE_MCP: '2' } },
      ]
      const stages = await Promise.all(
        starts.map((start) => startStage(scope, { serenaHome: home, ...start }, outerOf)),
      )
      const orphan = await startStage(
        scope,
        { serenaHome: home, channel: 'pipe', command: [...enter, ...fakeSerena] },
        outerOf,
      )
      const backend = await startBackend(scope, { homes: [home], runner: enter })
      await waitUntil('all to be listed', async () => (await instancesOf(backend)).size === 4)
      await leaveWithSibling(orphan)
      const red = await waitUntil(
        'the instance without a client to be red',
        async () => [...(await instancesOf(backend)).values()].filter(({ colour }) => colour === 'red')[0],
      )
      expect(red.verdict.evidence[0]).toBe('No process reads its stdout.')
      const seen = [...(await instancesOf(backend)).values()]
      for (const one of seen)
        printVerdictRow({
          situation: `client outside our pid namespace${one.id === red.id ? ', killed, a sibling holds the write end' : ''}`,
          isServed: one.id !== red.id,
          seen: one,
        })
      expect(seen.filter(({ colour, flags }) => colour === 'red' || flags.length > 0)).toHaveLength(1)
      await run(
        enter[0] ?? '',
        [...enter.slice(1), process.execPath, cliProgram, 'kill', '--zombies', '--yes'],
        {
          env: { ...process.env, ...backend.env },
        },
      )
      await hasEnded(orphan.server)
      for (const stage of stages) expect(await stage.ping()).toBe(stage.server.pid)
    })
  },
)

describe.skipIf(process.platform !== 'linux')('wrap', () => {
  const wrapped = [process.execPath, cliProgram, 'wrap', '--', ...fakeSerena]
  const STATE = async (): Promise<Record<string, string>> => ({
    SERENA_DECK_STATE: await makeTempFolder(scope, 'state'),
  })

  test('keeps a Serena whose starter has exited, and one whose client lost its first thread', async () => {
    const home = await makeTempFolder(scope, 'home')
    const env = await STATE()
    const start = (more: Partial<StageStart>): Promise<Stage> =>
      startStage(scope, { serenaHome: home, channel: 'pipe', command: wrapped, env, ...more })
    const stages = await Promise.all([
      start({ starterLeaves: true }),
      start({ leaderExits: true }),
      start({ channel: 'sockets', starterLeaves: true }),
    ])
    // Longer than the 4 s within which it ends a Serena whose client has exited.
    const until = performance.now() + 6_500
    await waitUntil('six seconds', () => performance.now() > until)
    for (const stage of stages) expect(await stage.ping()).toBe(stage.server.pid)
  })

  test('ends a Serena whose client has exited, with any launcher and any holder of its input', async () => {
    const home = await makeTempFolder(scope, 'home')
    const env = await STATE()
    const between = [
      ['bash', '-c', '"$@"; true', 'wrapper', ...wrapped],
      [python, '-c', 'import subprocess,sys; subprocess.call(sys.argv[1:])', ...wrapped],
    ]
    const stages = await Promise.all(
      between.map((command) => startStage(scope, { serenaHome: home, channel: 'pipe', command, env })),
    )
    for (const stage of stages) await leaveWithSibling(stage)
    for (const stage of stages) await hasEnded(stage.server)
  })
})
