// The command line of `wrap` as clients pass it on: without `--`, doubled, and with bytes that are not UTF-8.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliProgram } from '../helpers/backend.ts'
import { type RawClient, startRawClient } from '../helpers/raw-client.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
/** Prints its arguments and environment, and exits at the end of its input. */
const PROGRAM = `const read = (name) => require('fs').readFileSync('/proc/self/' + name).toString('latin1').split('\\0')
console.log(JSON.stringify({ id: 0, words: read('cmdline').slice(2, -1), environment: read('environ') }))
process.stdin.resume().on('end', () => process.exit(0))`

interface Setup {
  home: string
  program: string
  /** Starts `wrap` with these arguments; bytes that are not ASCII are passed unchanged. */
  start(words: readonly string[], env?: NodeJS.ProcessEnv, before?: string): RawClient
}

async function setUp(): Promise<Setup> {
  const home = await makeTempFolder(scope, 'home')
  const state = await makeTempFolder(scope, 'state')
  const program = join(await makeTempFolder(scope, 'program'), 'serena')
  writeFileSync(program, PROGRAM)
  const own = { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state }
  return {
    home,
    program,
    start(words, env = {}, before = '') {
      const octal = (word: string): string =>
        [...Buffer.from(word, 'latin1')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
      const all = [process.execPath, cliProgram, 'wrap', ...words]
      const script = `${before} exec env a.name=x ${all.map((word) => `"$(printf '${octal(word)}')"`).join(' ')}`
      return startRawClient(scope, ['/bin/sh', '-c', script], {
        cwd: home,
        env: { ...process.env, ...own, ...env },
      })
    },
  }
}

interface Said {
  words: string[]
  environment: string[]
}

async function saidBy(client: RawClient): Promise<Said> {
  const answers = await client.answers([0], 20_000).catch((cause: unknown) => {
    throw new Error(client.errors(), { cause })
  })
  client.child.stdin?.end()
  expect(await client.ended).toBe(0)
  return JSON.parse(answers.get(0) ?? '{}') as Said
}

describe.skipIf(process.platform !== 'linux')('wrap', () => {
  test.each<[string, (command: string[]) => string[]]>([
    ['without --', (command) => command],
    ['with flags and without --', (command) => ['--idle-shutdown-minutes', '5', ...command]],
    ['with a doubled --', (command) => ['--', '--', ...command]],
    ['with -- before its flags', (command) => ['--', '--idle-shutdown-minutes=5', '--', ...command]],
  ])('%s runs the command', async (_, words) => {
    const { program, start } = await setUp()
    const command = [process.execPath, program, 'start-mcp-server', '--project', '.']
    const { words: seen } = await saidBy(start([...words(command), '--web-dashboard-global=false']))
    expect(seen).toEqual(['start-mcp-server', '--project', '.'])
  })

  test('refuses an unknown flag before the command and starts nothing', async () => {
    const { home, program, start } = await setUp()
    const client = start(['--project', '.', process.execPath, program, 'start-mcp-server'])
    expect(await client.ended).toBe(2)
    expect(client.errors()).toContain('Unknown flag "--project" of wrap')
    expect(client.lines()).toEqual([])
    expect(readdirSync(home)).toEqual([])
  })

  test('passes arguments and variables byte for byte', async () => {
    const { program, start } = await setUp()
    const variables = `export ODD="$(printf 'a\\351b')";`
    const client = start(
      ['--', process.execPath, program, 'start-mcp-server', '--project', '/x/caf\xe9', 'Gr\xc3\xbc\xdfe', ''],
      { GREETING: 'é' },
      variables,
    )
    const { words, environment } = await saidBy(client)
    expect(words).toEqual(['start-mcp-server', '--project', '/x/caf\xe9', 'Gr\xc3\xbc\xdfe', ''])
    expect(environment).toContain('ODD=a\xe9b')
    expect(environment).toContain('a.name=x')
    expect(environment).toContain(`GREETING=${Buffer.from('é').toString('latin1')}`)
  })

  test('runs a program whose path is not UTF-8, and reports when it does not exist', async () => {
    const { home, program: inner, start } = await setUp()
    const folder = Buffer.concat([Buffer.from(`${home}/caf`), Buffer.of(0xe9)])
    mkdirSync(folder)
    const program = Buffer.concat([folder, Buffer.from('/serena')])
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${inner}" "$@"\n`, { mode: 0o755 })
    const { words } = await saidBy(start(['--', program.toString('latin1'), 'start-mcp-server']))
    expect(words).toEqual(['start-mcp-server'])

    const missing = start([`${home}/caf\xe8/serena`, 'start-mcp-server'])
    expect(await missing.ended).toBe(1)
    expect(missing.errors()).toContain(': ENOENT')
  })

  test('writes nothing for a SERENA_HOME that is not UTF-8', async () => {
    const { home, program, start } = await setUp()
    const client = start(
      [process.execPath, program, 'start-mcp-server'],
      { SERENA_DECK_ONLY_HOMES: undefined },
      `SERENA_HOME="$(printf '${home}/h\\351')"; export SERENA_HOME;`,
    )
    const { environment } = await saidBy(client)
    expect(environment).toContain(`SERENA_HOME=${home}/h\xe9`)
    expect(client.errors()).toContain('SERENA_HOME is not valid UTF-8')
    expect(existsSync(join(home, 'h\uFFFD'))).toBe(false)
    expect(readFileSync(program, 'utf8')).toBe(PROGRAM)
  })
})
