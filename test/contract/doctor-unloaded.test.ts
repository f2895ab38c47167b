// What runs beside every client, and what only lists instances, loads nothing of the doctor and of the setup.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliProgram, startBackend } from '../helpers/backend.ts'
import { startTestHub } from '../helpers/hub.ts'
import { traceLoads } from '../helpers/loaded-files.ts'
import { writeMcpSerena } from '../helpers/mcp-serena.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const folder = dirname(cliProgram)

/** A text of each part, which stays in the bundle. */
const PARTS = {
  'the rules of the doctor': 'registered-twice',
  'the readers': 'Its "disabled" is true.',
  'the table of clients': 'context_servers',
  'the plan of a fix': 'Serena Deck does not write JSON5.',
  'the writer of a fix': 'config-changes.json',
  'the parser of TOML': 'invalid-key-value-newline',
  setup: 'Serena is not installed.',
}

/** Returns the parts that are in these files. */
const partsIn = (files: readonly string[]): string[] => {
  const texts = files.map((file) => readFileSync(file, 'utf8'))
  return Object.entries(PARTS).flatMap(([part, text]) =>
    texts.some((one) => one.includes(text)) ? [part] : [],
  )
}

/** Runs the command line without input until it exits; returns the files that it has loaded. */
async function loadedBy(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { nodeArgs, files } = await traceLoads(scope)
  const home = await makeTempFolder(scope, 'home')
  const serenaHome = await makeSerenaHome(scope)
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, cliProgram, ...words], {
      cwd: home,
      stdio: 'ignore',
      timeout: 60_000,
      env: {
        ...process.env,
        HOME: home,
        SERENA_HOME: serenaHome,
        SERENA_DECK_ONLY_HOMES: serenaHome,
        SERENA_DECK_STATE: join(home, 'state'),
        ...env,
      },
    })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  expect(files()).toContain(cliProgram)
  return files()
}

test('each part is in the bundle, and found where it is used', async () => {
  const chunks = readdirSync(join(folder, 'chunks')).map((name) => join(folder, 'chunks', name))
  expect(partsIn(chunks)).toEqual(Object.keys(PARTS))
  const used = [...(await loadedBy(['doctor'])), ...(await loadedBy(['setup', '--json']))]
  expect(partsIn(used)).toEqual(Object.keys(PARTS))
})

describe('loads nothing of them:', () => {
  test('list', async () => {
    const files = await loadedBy(['list', '--json'])
    expect(files.map((file) => basename(file).split('-')[0])).toContain('deck')
    expect(partsIn(files)).toEqual([])
  })

  test('wrap', async () => {
    expect(partsIn(await loadedBy(['wrap', '--', process.execPath, '-e', '']))).toEqual([])
  })

  test('connect, and the hub', async () => {
    const { path: project } = await makeTypeScriptProject(scope)
    const { stateFolder } = await startTestHub(scope)
    const serena = await writeMcpSerena(scope, project)
    const files = await loadedBy(['connect', '--', ...serena], { SERENA_DECK_STATE: stateFolder })
    expect(files.map((file) => basename(file))).toContain('connect.cjs')
    expect(partsIn([...files, join(folder, 'hub.js')])).toEqual([])
  })

  test('a backend without a page', async () => {
    const { nodeArgs, files } = await traceLoads(scope)
    const backend = await startBackend(scope, { nodeArgs })
    await backend.call('sweep')
    expect(files()).toContain(cliProgram)
    expect(partsIn(files())).toEqual([])
  })
})
