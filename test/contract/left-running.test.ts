// Programs of the person's in the tree of a Serena: an IDE, a browser, a development server, a background program of a tool. They are
// named and left running however the Serena ends, and end only when that was chosen.
import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { endingPlanSchema, receiptSchema } from '#contract/ending'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { PERSONS, prepareBusySerena, SERVERS, startBusySerena } from '../helpers/busy-serena.ts'
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

/** The names that a plan or receipt gives, without the shell that waits for the IDE. */
const namesOf = (all: readonly { name: string }[] = []): string[] =>
  all
    .map(({ name }) => name.split(' ').at(-1) ?? '')
    .filter((name) => name !== 'sh')
    .sort()

describe.skipIf(process.platform !== 'linux')('with a Serena that has programs below it', () => {
  test.each([
    ['ends by SIGTERM', false, 'terminate'],
    ['has to be killed', true, 'force'],
  ] as const)(
    'one that %s: the language server goes, the person’s programs run on',
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
      expect(serena.living(PERSONS)).toEqual([...PERSONS])
    },
  )

  test('--include-children ends them too, and plan and receipt say so', async () => {
    const { home, backend } = await startDeck()
    const serena = await startBusySerena(scope, { serenaHome: home })
    const target = `pid:${serena.mark.pid}`
    const dry = await runCli(['kill', target, '--dry-run'], { env: backend.env })
    expect(dry.stdout).toMatch(new RegExp(`left running: .*idea64 \\(process ${serena.of('idea64').pid}\\)`))
    const killed = await runCli(['kill', target, '--include-children', '--yes'], { env: backend.env })
    expect(killed.stdout).toMatch(/also ended: .*idea64/)
    expect(killed.stdout).not.toContain('left running')
    expect(killed.code).toBe(0)
    expect(serena.living(['serena', ...PERSONS, ...SERVERS])).toEqual([])
  })

  test('under wrap, when the client is killed', async () => {
    const home = await makeTempFolder(scope, 'home')
    const { command, env, started } = await prepareBusySerena(scope, { serenaHome: home, isStubborn: true })
    const wrap = [process.execPath, cliProgram, 'wrap', '--', ...command]
    const client = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(${JSON.stringify(wrap[0])}, ${JSON.stringify(wrap.slice(1))}, { stdio: ['pipe', 'pipe', 'ignore'] })`,
      ],
      { env: { ...env, SERENA_DECK_STATE: home, SERENA_DECK_ONLY_HOMES: home }, stdio: 'ignore' },
    )
    const mark = markProcess(client.pid ?? 0)
    if (!mark) throw new Error('no client')
    scope.add(() => void signalProcess(mark, 'SIGKILL'))
    const serena = await started(scope)
    signalProcess(mark, 'SIGKILL')
    await waitUntil('the end of the Serena', () => serena.living(['serena', ...SERVERS]).length === 0, {
      timeoutMs: 20_000,
    })
    expect(isAlive(mark)).toBe(false)
    expect(serena.living(PERSONS)).toEqual([...PERSONS])
  })
})
