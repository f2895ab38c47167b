// The texts of the command line: incorrect use, unknown targets, dry runs, and the owner of an instance.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endingPlanSchema } from '#contract/ending'
import { AppError } from '#contract/errors'
import { findBackend } from '../../extensions/backend/access/backend-client.ts'
import { runKill, runStop } from '../../extensions/backend/cli/kill.ts'
import type { Terminal } from '../../extensions/backend/os/terminal.ts'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

async function startDeck(): Promise<{ home: string; backend: TestBackend }> {
  const home = await makeTempFolder(scope, 'home')
  return { home, backend: await startBackend(scope, { homes: [home] }) }
}

/** A terminal that answers every question with no, and records the output before the first question. */
function refusingTerminal(env: NodeJS.ProcessEnv): { terminal: Terminal; shown: string[]; asked: string[] } {
  const shown: string[] = []
  const asked: string[] = []
  const write = (text: string): void => void shown.push(text)
  const terminal: Terminal = {
    env,
    platform: process.platform,
    cwd: process.cwd(),
    isInteractive: true,
    hasColours: false,
    canAsk: true,
    ask: (question) => {
      shown.push(question)
      asked.push(question)
      return Promise.resolve(false)
    },
    write,
    writeError: write,
    untilStopped: () => new Promise(() => undefined),
  }
  return { terminal, shown, asked }
}

describe('an unknown target', () => {
  test.each([[['kill', 'nosuch']], [['stop', 'nosuch']], [['stop', 'port:1']], [['kill', '--', '-nosuch']]])(
    '%j exits with code 3, also without --yes',
    async (args) => {
      const home = await makeTempFolder(scope, 'home')
      const state = await makeTempFolder(scope, 'state')
      const env = { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state }
      const { code, stdout, stderr } = await runCli(args, { env })
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^No such instance: \S+\. Run `serena-deck list` to see all instances\.\n$/)
    },
  )
})

describe('kill and stop of a running instance', () => {
  test('name the client before they ask, and change nothing when the answer is no', async () => {
    const { home, backend } = await startDeck()
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const mark = markProcess(standIn.pid)
    const env = { ...process.env, ...backend.env }
    const target = `pid:${standIn.pid}`
    for (const run of [
      (terminal: Terminal) => runKill(target, {}, terminal),
      (terminal: Terminal) => runStop(target, {}, terminal),
      (terminal: Terminal) => runKill(target, { json: true }, terminal),
    ]) {
      const { terminal, shown, asked } = refusingTerminal(env)
      expect(await run(terminal)).toBe(1)
      expect(asked).toEqual(['End 1 instance?'])
      const before = shown.slice(0, shown.indexOf('End 1 instance?')).join('')
      expect(before).toMatch(
        /^ +Its client \(.+, since .+, process \d+\) is running; ending the instance removes Serena's tools from that session\.$/m,
      )
      expect(shown.at(-1)).toBe('Nothing was changed.\n')
    }
    expect(mark && isAlive(mark)).toBe(true)
  })

  test('require --yes without a terminal', async () => {
    const { home, backend } = await startDeck()
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const { code, stdout, stderr } = await runCli(['kill', `pid:${standIn.pid}`], { env: backend.env })
    expect([code, stderr]).toEqual([2, 'Not a terminal: pass --yes. See `serena-deck kill --help`.\n'])
    expect(stdout).toContain('is running')
    const mark = markProcess(standIn.pid)
    expect(mark && isAlive(mark)).toBe(true)
  })
})

test('a dry run reports what would be done', async () => {
  const { home, backend } = await startDeck()
  const standIn = await startTestStandIn(scope, { serenaHome: home })
  const entry = { pid: 4_194_000, port: 24_299, started_at: new Date(0).toISOString() }
  await writeFile(join(home, 'instances.json'), JSON.stringify({ x: entry }))
  const live = await runCli(['kill', `pid:${standIn.pid}`, '--dry-run'], { env: backend.env })
  expect(live.code).toBe(0)
  expect(live.stdout).toMatch(/: would be asked to shut down, 1 process/)
  expect(live.stdout).toMatch(/ is running; ending the instance removes/)
  const dead = await runCli(['kill', 'pid:4194000', '--dry-run'], { env: backend.env })
  expect(dead.stdout).toMatch(/: would be skipped: /)
  const all = await runCli(['kill', '--zombies', '--dry-run'], { env: backend.env })
  for (const { stdout } of [live, dead, all]) {
    expect(stdout).not.toMatch(/is removed|told to end|: asked to shut down|: killed/)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^Dry run: \d+ instances? would be ended\.$/)
  }
  const json = await runCli(['kill', `pid:${standIn.pid}`, '--dry-run', '--json'], { env: backend.env })
  expect(endingPlanSchema.parse(JSON.parse(json.stdout)).plan).toMatchObject([{ how: 'shutdown' }])
})

test('prints the fix of an error from the running backend', async () => {
  const { backend } = await startDeck()
  const client = await findBackend(backend.env['SERENA_DECK_STATE'] ?? '')
  const body = { pid: 4_194_301 }
  const direct = await backend.fetch('/api/registry', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { error } = (await direct.json()) as { error: { why: string; fix: string } }
  const caught: unknown = await client?.call('register', { body }).catch((reason: unknown) => reason)
  expect(caught).toBeInstanceOf(AppError)
  expect(caught).toMatchObject({ message: error.why, fix: error.fix })
})
