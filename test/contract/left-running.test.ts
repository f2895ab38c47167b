// User programs in the process tree of a Serena: an IDE, a browser, a development server, a background program of a tool. They are
// listed and keep running when the Serena ends, and are ended only on request.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endingPlanSchema, receiptSchema } from '#contract/ending'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { prepareBusySerena, SERVERS, startBusySerena, USER_PROGRAMS } from '../helpers/busy-serena.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const NAMES = ['dev-server.js', 'firefox', 'idea64', 'nohup-server']

async function startDeck(): Promise<{ home: string; backend: TestBackend }> {
  const home = await makeTempFolder(scope, 'home')
  return { home, backend: await startBackend(scope, { homes: [home] }) }
}

/** Returns the names in a plan or receipt, without the shell that waits for the IDE. */
const namesOf = (all: readonly { name: string }[] = []): string[] =>
  all
    .map(({ name }) => name.split(' ').at(-1) ?? '')
    .filter((name) => name !== 'sh')
    .sort()

describe.skipIf(process.platform !== 'linux')('a Serena with user programs below it', () => {
  test.each([
    ['ends by SIGTERM', false, 'terminate'],
    ['has to be killed', true, 'force'],
  ] as const)(
    "an instance that %s: its language server ends, the user's programs keep running",
    async (_, isStubborn, how) => {
      const { home, backend } = await startDeck()
      const serena = await startBusySerena(scope, { serenaHome: home, isStubborn })
      const target = `pid:${serena.mark.pid}`
      const dry = await runCli(['kill', target, '--dry-run', '--json'], { env: backend.env })
      const { plan } = endingPlanSchema.parse(JSON.parse(dry.stdout))
      expect(namesOf(plan[0]?.leftRunning)).toEqual(NAMES)
      expect(plan[0]?.processes).toBe(3)

      const killed = await runCli(['kill', target, '--yes', '--json'], { env: backend.env })
      const receipt = receiptSchema.parse(JSON.parse(killed.stdout))
      expect(receipt).toMatchObject({ ended: [{ how, processes: 3 }], survivors: [] })
      expect(namesOf(receipt.leftRunning)).toEqual(NAMES)
      expect(serena.living(['serena', ...SERVERS])).toEqual([])
      expect(serena.living(USER_PROGRAMS)).toEqual([...USER_PROGRAMS])
    },
  )

  test('--include-children ends them as well, and plan and receipt list them', async () => {
    const { home, backend } = await startDeck()
    const serena = await startBusySerena(scope, { serenaHome: home })
    const target = `pid:${serena.mark.pid}`
    const dry = await runCli(['kill', target, '--dry-run'], { env: backend.env })
    expect(dry.stdout).toMatch(new RegExp(`left running: .*idea64 \\(process ${serena.of('idea64').pid}\\)`))
    const killed = await runCli(['kill', target, '--include-children', '--yes'], { env: backend.env })
    expect(killed.stdout).toMatch(/also ended: .*idea64/)
    expect(killed.stdout).not.toContain('left running')
    expect(killed.code).toBe(0)
    expect(serena.living(['serena', ...USER_PROGRAMS, ...SERVERS])).toEqual([])
  })

  test('wrap keeps them running when the client is killed, and lists them on stderr', async () => {
    const home = await makeTempFolder(scope, 'home')
    const stderr = join(home, 'stderr')
    const { command, env, started } = await prepareBusySerena(scope, { serenaHome: home, isStubborn: true })
    const wrap = [process.execPath, cliProgram, 'wrap', '--', ...command]
    const client = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(${JSON.stringify(wrap[0])}, ${JSON.stringify(wrap.slice(1))}, { stdio: ['pipe', 'pipe', require('node:fs').openSync(${JSON.stringify(stderr)}, 'a')] })`,
      ],
      { env: { ...env, SERENA_DECK_STATE: home, SERENA_DECK_ONLY_HOMES: home }, stdio: 'ignore' },
    )
    const mark = markProcess(client.pid ?? 0)
    if (!mark) throw new Error('no client')
    scope.add(() => void signalProcess(mark, 'SIGKILL'))
    const serena = await started(scope)
    signalProcess(mark, 'SIGKILL')
    await waitUntil('the end of the Serena', () => serena.living(['serena', ...SERVERS]).length === 0)
    expect(isAlive(mark)).toBe(false)
    expect(serena.living(USER_PROGRAMS)).toEqual([...USER_PROGRAMS])
    const text = await waitUntil('the message of wrap', () => {
      const said = readFileSync(stderr, 'utf8')
      return said.includes('Left running: ') && said
    })
    expect(text).toContain(`idea64 (process ${serena.of('idea64').pid})`)
  })
})
