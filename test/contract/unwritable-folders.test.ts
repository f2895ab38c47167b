// Folders that cannot be written: each command says what happened, why, and what to do, without a stack.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliProgram } from '../helpers/backend.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
/** Permissions do not restrict root. */
const asUser = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : []

interface Folders {
  home: string
  /** A folder that this user can read but not write. */
  readOnly: string
  file: string
}

async function makeFolders(): Promise<Folders> {
  const [home, readOnly] = [await makeTempFolder(scope, 'home'), await makeTempFolder(scope, 'read-only')]
  const file = join(readOnly, 'file')
  writeFileSync(file, '')
  symlinkSync('/no/such/folder', join(readOnly, 'link'))
  mkdirSync(join(readOnly, 'state'))
  if (isRoot) for (const path of [home, join(readOnly, 'state')]) chownSync(path, NOBODY, NOBODY)
  chmodSync(join(readOnly, 'state'), 0o500)
  chmodSync(readOnly, 0o555)
  scope.add(() => {
    chmodSync(readOnly, 0o700)
    chmodSync(join(readOnly, 'state'), 0o700)
  })
  return { home, readOnly, file }
}

async function run(
  words: readonly string[],
  { home, readOnly }: Folders,
  env: NodeJS.ProcessEnv,
  runner: readonly string[] = asUser,
): Promise<{ code: number | null; text: string }> {
  const [file = '', ...args] = [...runner, process.execPath, cliProgram, ...words]
  const child = spawn(file, args, {
    cwd: '/',
    env: {
      ...process.env,
      HOME: readOnly,
      SERENA_HOME: home,
      SERENA_DECK_ONLY_HOMES: home,
      DISPLAY: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}

describe.skipIf(process.platform !== 'linux')('a state folder', () => {
  test.each<[string, (folders: Folders) => string, RegExp]>([
    ['below a read-only folder', ({ readOnly }) => join(readOnly, 'a', 'b'), /permission denied/],
    ['that is read-only', ({ readOnly }) => join(readOnly, 'state'), /permission denied/],
    ['with a file in its place', ({ file }) => file, /a file with this name exists/],
    [
      'below a file',
      ({ file }) => join(file, 'state'),
      /a file with this name exists|a part of its path is not a folder/,
    ],
    ['behind a broken link', ({ readOnly }) => join(readOnly, 'link'), /it is a symbolic link/],
    ['with a name that is too long', ({ home }) => join(home, 'x'.repeat(300)), /name is too long/],
    ['that the kernel cannot create', () => '/proc/none/state', /Cannot use the state folder/],
  ])('%s: serve reports it and exits', async (_, stateOf, why) => {
    const folders = await makeFolders()
    const state = stateOf(folders)
    const { code, text } = await run(['serve', '--port', '0'], folders, { SERENA_DECK_STATE: state })
    expect(text).toMatch(why)
    expect(text).toContain(`state folder ${state}`)
    expect(text).toContain('SERENA_DECK_STATE')
    expect(text).not.toContain('    at ')
    expect(code).toBe(1)
  })

  test('serve and open report a read-only disk', async () => {
    const folders = await makeFolders()
    const state = join(folders.home, 'state')
    mkdirSync(state, { mode: 0o700 })
    const script = 'mount -t tmpfs -o ro,mode=700 deck "$0" && exec "$@"'
    const runner = ['unshare', isRoot ? '-m' : '-Urm', 'sh', '-c', script, state]
    for (const words of [
      ['serve', '--port', '0'],
      ['open', '--browser'],
    ]) {
      const { code, text } = await run(words, folders, { SERENA_DECK_STATE: state }, runner)
      expect(text).toMatch(/^Cannot use the state folder \S+: the disk is read-only\. Check/)
      expect(code).toBe(1)
    }
  })
})

/** Starts a process of the user that runs the commands; returns its pid. */
async function startProcess(): Promise<string> {
  const [file = '', ...args] = [...asUser, 'sh', '-c', 'echo ready; exec cat']
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  scope.add(() => void child.stdin.end())
  await once(child.stdout, 'data')
  return String(child.pid)
}

describe.skipIf(process.platform !== 'linux')('other folders', () => {
  test.each<[string[], NodeJS.ProcessEnv]>([
    [['open', '--browser'], {}],
    [['demo', '--print'], { TMPDIR: '@/state' }],
    [['registry', 'register', 'PID'], { SERENA_HOME: '@/none', SERENA_DECK_ONLY_HOMES: '@/none' }],
    [['registry', 'register', 'PID'], { SERENA_HOME: '@/file', SERENA_DECK_ONLY_HOMES: '@/file' }],
    [['install'], {}],
    [['autostart', 'on'], {}],
  ])('%j with %j exits with a message', async (words, env) => {
    const folders = await makeFolders()
    const own = Object.fromEntries(
      Object.entries({ SERENA_DECK_STATE: '@/none', ...env }).map(([name, value]) => [
        name,
        value?.replace('@', folders.readOnly),
      ]),
    )
    const pid = words.includes('PID') ? await startProcess() : ''
    const asked = words.map((word) => (word === 'PID' ? pid : word))
    const { code, text } = await run(asked, folders, own)
    expect(text).not.toContain('    at ')
    expect(text.trim().split('\n')).toHaveLength(1)
    expect(text).toMatch(/^(Cannot|\/|There is|Nothing is written).*\. \S.*\.\n$/)
    expect(code).toBeGreaterThan(0)
  })
})
