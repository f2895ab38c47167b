// The command line on Windows: versions, lists, folders with all kinds of names, the start at login.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { productVersion } from '../../extensions/backend/lib/product.ts'
import { makeEntry } from '../../extensions/backend/registry/own-entry.ts'
import { createEntryWriter } from '../../extensions/backend/registry/write-entry.ts'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

const writer = createEntryWriter({ hasExited: () => Promise.resolve(false) })
const started = { pid: 500, identity: 'test:500:123', startedAtMs: 1 }
const putEntry = (home: string): Promise<unknown> =>
  writer.put(home, makeEntry(started, {}, { pidNamespace: null, nowMs: 1 }))

/** Runs it with a state folder and a home of its own, both of that name. */
async function runIn(
  name: string,
  args: readonly string[],
  prepare: (home: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<CliResult & { home: string }> {
  const root = await makeTempFolder(scope, 'cli')
  const [home, state] = [join(root, name, 'home'), join(root, name, 'state')]
  for (const folder of [home, state]) mkdirSync(folder, { recursive: true })
  const env = { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state }
  await prepare(home)
  return { home, ...(await runCli(args, { env })) }
}

test('prints its version', async () => {
  const { code, stdout, stderr } = await runIn('plain', ['--version'])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain(productVersion)
})

test('lists nothing, without PowerShell and without a notice', async () => {
  const { code, stdout, stderr } = await runIn('plain', ['list', '--json'])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({ instances: [], notices: [] })
})

describe('a home', () => {
  const LONG = Array.from({ length: 12 }, (_, i) => `folder-of-25-characters-${i % 10}`).join('\\')
  test.each<[string, string]>([
    ['blanks', 'with some blanks'],
    ['umlauts', 'größer Ünï'],
    ['signs of the shell', 'a & b (c) %PATH% ^!'],
    ['300 characters', LONG],
  ])('with %s is read and written', async (_, name) => {
    const { code, stdout, stderr } = await runIn(name, ['registry', 'list', '--json'], putEntry)
    expect([code, stderr]).toEqual([0, ''])
    const { entries, problems } = JSON.parse(stdout) as { entries: object[]; problems: object[] }
    expect([entries, problems]).toEqual([[expect.objectContaining({ pid: 500 })], []])
  })

  test('on a server that does not answer is reported, and nothing else fails', async () => {
    const env = {
      SERENA_HOME: '\\\\no-such-server\\share\\home',
      SERENA_DECK_STATE: await makeTempFolder(scope),
    }
    const { code, stderr } = await runCli(['list', '--json'], {
      env: { ...env, SERENA_DECK_ONLY_HOMES: env.SERENA_HOME },
    })
    expect([code, stderr]).toEqual([0, ''])
  })
})

describe('the start at login', () => {
  const autostart = async (action: string): Promise<CliResult> =>
    runIn('login', ['autostart', action, '--json'])
  afterAll(() => autostart('off').then(() => undefined), 30_000)

  test('is switched on and off in the registry, and says when there was nothing to do', async () => {
    const steps: [string, number | null, boolean][] = []
    for (const action of ['off', 'on', 'status', 'off', 'off']) {
      const { code, stdout, stderr } = await autostart(action)
      expect(stderr).toBe('')
      steps.push([action, code, (JSON.parse(stdout) as { autostart: boolean }).autostart])
    }
    expect(steps).toEqual([
      ['off', 3, false],
      ['on', 0, true],
      ['status', 0, true],
      ['off', 0, false],
      ['off', 3, false],
    ])
  })
})
