// What another one of us left stopped, on real processes of the test: finished, undone, or not touched.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProcessEnder } from '../os/process-ender.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { createEndingJournals } from './ending-journal.ts'
import { type Finished, finishEndings } from './unfinished.ts'

const ender = createProcessEnder()
const children: ChildProcess[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-unfinished-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

const finish = (): Promise<Finished[]> =>
  finishEndings({
    journals: createEndingJournals(folder),
    ender,
    findSerenas: () => [],
    limits: { ownPid: process.pid, ownUid: process.getuid?.() ?? null },
    clock: { now: () => performance.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  })

const stateOf = (pid: number): string => {
  try {
    return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''))?.[1] ?? '?'
  } catch {
    // It has exited.
    return 'gone'
  }
}

/** Two processes, stopped or not. */
async function start(areStopped: readonly [boolean, boolean]): Promise<[ProcessFact, ProcessFact]> {
  const facts: ProcessFact[] = []
  for (const isStopped of areStopped) {
    const child = spawn('sleep', ['300'], { stdio: 'ignore' })
    children.push(child)
    if (isStopped) child.kill('SIGSTOP')
    await expect.poll(() => stateOf(child.pid ?? 0)).toBe(isStopped ? 'T' : 'S')
    const fact = (await ender.list()).byPid.get(child.pid ?? 0)
    if (fact) facts.push(fact)
  }
  const [serena, server] = facts
  if (!serena || !server) throw new Error('they could not be started')
  return [serena, server]
}

/** Leaves a journal as one that was killed: its pid is free again. */
function leave(stopped: readonly ProcessFact[], target: ProcessFact, more: object = {}): void {
  const { pid } = spawnSync('true')
  const record = {
    schema: 1,
    writerPid: pid,
    atMs: Date.now(),
    plan: '1-abc',
    title: 'shop',
    target: { pid: target.pid, identity: target.identity },
    includesPersons: false,
    stopped: stopped.map(({ pid: of, identity }) => ({ pid: of, identity })),
    ...more,
  }
  writeFileSync(join(folder, 'ending-1-1.json'), JSON.stringify(record))
}

describe.skipIf(process.platform !== 'linux')('an ending that was left unfinished', () => {
  it('is finished while its Serena is still the stopped one', async () => {
    const [serena, server] = await start([true, false])
    leave([serena, server], serena)
    expect(await finish()).toMatchObject([{ title: 'shop', outcome: 'ended', processes: 2 }])
    await expect.poll(() => [stateOf(serena.pid), stateOf(server.pid)]).toEqual(['gone', 'gone'])
    expect(readdirSync(folder)).toEqual([])
    expect(await finish()).toEqual([])
  })

  it('is undone when its Serena was continued', async () => {
    const [serena, server] = await start([false, true])
    leave([serena, server], serena)
    expect(await finish()).toMatchObject([{ outcome: 'continued', processes: 1 }])
    await expect.poll(() => [stateOf(serena.pid), stateOf(server.pid)]).toEqual(['S', 'S'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('ends only what is stopped when its Serena has exited', async () => {
    const [running, stopped] = await start([false, true])
    leave([running, stopped], { ...running, identity: 'boot:1:1' })
    expect(await finish()).toMatchObject([{ outcome: 'ended', processes: 1 }])
    await expect.poll(() => [stateOf(running.pid), stateOf(stopped.pid)]).toEqual(['S', 'gone'])
  })

  it('signals no other process that now has one of those pids', async () => {
    const [serena, server] = await start([true, true])
    const others = [serena, server].map((fact) => ({ ...fact, identity: `${fact.identity}0` }))
    leave(others, others[0] ?? serena)
    expect(await finish()).toEqual([])
    expect([stateOf(serena.pid), stateOf(server.pid)]).toEqual(['T', 'T'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('is left to the process that still performs it', async () => {
    const [serena, server] = await start([true, true])
    leave([serena, server], serena, { writerPid: process.pid })
    expect(await finish()).toEqual([])
    expect([stateOf(serena.pid), stateOf(server.pid)]).toEqual(['T', 'T'])
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it.each(['', '{', '{"schema":2}', '{"schema":1,"stopped":[{"pid":"1"}]}'])(
    'reads nothing from %j',
    async (text) => {
      writeFileSync(join(folder, 'ending-1-1.json'), text)
      expect(await finish()).toEqual([])
    },
  )
})
