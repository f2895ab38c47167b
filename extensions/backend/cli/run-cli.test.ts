// One command line: wrong use, help and completions, with a terminal of the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { removeBackendRecord, writeBackendRecord } from '../access/backend-record.ts'
import { proofOf } from '../access/proof.ts'
import type { Terminal } from '../os/terminal.ts'
import { runCli } from './run-cli.ts'

const stateFolder = mkdtempSync(join(tmpdir(), 'deck-run-cli-'))
afterAll(() => rmSync(stateFolder, { recursive: true }))

async function run(...words: string[]): Promise<{ code: number; out: string; problem: string }> {
  const result = { code: 0, out: '', problem: '' }
  const terminal: Terminal = {
    env: { SERENA_DECK_STATE: stateFolder, SERENA_HOME: stateFolder, SERENA_DECK_ONLY_HOMES: stateFolder },
    platform: process.platform,
    cwd: stateFolder,
    isInteractive: false,
    hasColours: false,
    canAsk: false,
    ask: () => Promise.resolve(false),
    write: (text) => void (result.out += text),
    writeError: (text) => void (result.problem += text),
    untilStopped: () => new Promise(() => undefined),
  }
  result.code = await runCli(words, terminal)
  return result
}

const TARGET = 'Missing TARGET (pid, port, project name or path, pid:N, port:N).'
test.each([
  [['lst'], "Unknown command 'lst'. Did you mean list? See `serena-deck --help`."],
  [['lst', '--help'], "Unknown command 'lst'. Did you mean list? See `serena-deck --help`."],
  [[''], "Unknown command ''. See `serena-deck --help`."],
  [['--nonsense'], "Unknown option '--nonsense'. See `serena-deck open --help`."],
  [['list', '--jso'], "Unknown option '--jso'. Did you mean --json? See `serena-deck list --help`."],
  [['list', '--version'], "Unknown option '--version'. See `serena-deck list --help`."],
  [['list', '--json=no'], "Option '--json' takes no value. See `serena-deck list --help`."],
  [['list', '--json', '--json'], "Option '--json' can be given only once. See `serena-deck list --help`."],
  [['logs', 'x', '-ff'], "Option '-f, --follow' can be given only once. See `serena-deck logs --help`."],
  [
    ['list', '\u001B[31m'],
    "Too many arguments for 'list'. Expected 0 arguments but got 1. See `serena-deck list --help`.",
  ],
  [['status'], `${TARGET} Run \`serena-deck list\` to see all instances. See \`serena-deck status --help\`.`],
  [
    ['status', ''],
    `${TARGET.replace('Missing TARGET', 'TARGET is empty')} Run \`serena-deck list\` to see all instances. See \`serena-deck status --help\`.`,
  ],
  [['serve', '--port'], "Option '--port <port>' requires a value. See `serena-deck serve --help`."],
  [['serve', '--port', '--json'], "Option '--port <port>' requires a value. See `serena-deck serve --help`."],
  [['serve', '--port', '1e3'], '--port takes a number from 0 to 65535. See `serena-deck serve --help`.'],
  [['service'], 'Missing action: use install, uninstall or status. See `serena-deck service --help`.'],
  [
    ['service', 'x\u001B'],
    "Unknown action 'x\\u{001B}': use install, uninstall or status. See `serena-deck service --help`.",
  ],
  [['registry', 'list', '--port', '1'], "Unknown option '--port'. See `serena-deck registry list --help`."],
  [
    ['registry', 'register'],
    'Missing PID (Process ID of the instance). See `serena-deck registry register --help`.',
  ],
  [
    ['complete', 'tcsh'],
    'No completion script for tcsh: use bash, zsh, fish, powershell. See `serena-deck complete --help`.',
  ],
  [
    ['kill', '/x/caf\uFFFD'],
    'Argument 2 (/x/caf\uFFFD) is not valid UTF-8. Name an instance by pid:N or port:N. See `serena-deck --help`.',
  ],
])('%j is wrong use', async (words, problem) => {
  expect(await run(...words)).toEqual({ code: 2, out: '', problem: `${problem}\n` })
})

test.each([
  [['kill', '--dry-run', '4194301']],
  [['logs', '-f', '4194301']],
  [['logs', '-fn', '5', '4194301']],
  [['logs', '-n5', '--', '4194301']],
])('%j names the target 4194301', async (words) => {
  expect((await run(...words)).problem).toMatch(/^No such instance: 4194301\./)
})

test.each([[['kill', '--help']], [['help', 'kill']], [['kill', 'x', '-h']]])(
  '%j shows the help of kill',
  async (words) => {
    const { code, out } = await run(...words)
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: serena-deck kill \[options\] \[target\]\n/)
  },
)

test('a word after -- is an argument, not a request for help', async () => {
  expect((await run('status', '--', '--help')).problem).toMatch(/^No such instance: --help\./)
})

test('suggests commands, actions and options', async () => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  try {
    await run('complete', '--', 'auto')
    await run('complete', '--', 'autostart', 'o')
    await run('complete', '--', 'kill', '--dry')
    await run('complete', '--', 'exten')
  } finally {
    log.mockRestore()
  }
  expect(lines.map((line) => line.split('\t')[0])).toEqual([
    'autostart',
    ':4',
    'on',
    'off',
    ':4',
    '--dry-run',
    ':4',
    ':4',
  ])
})

test.each([
  ['bash', 'complete -F __serena_deck'],
  ['zsh', '#compdef serena-deck'],
  ['fish', 'complete -c serena-deck'],
  ['powershell', "Register-ArgumentCompleter -CommandName 'serena-deck'"],
])('prints a completion script for %s', async (shell, registration) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    expect((await run('complete', shell)).code).toBe(0)
    expect(String(log.mock.calls[0]?.[0])).toContain(registration)
  } finally {
    log.mockRestore()
  }
})

test.each([
  ['entry-not-found', 3],
  ['wrong-use', 2],
  ['a-code-of-a-newer-version', 1],
])('prints the fix of the running backend: %s', async (code, exitCode) => {
  const token = 'token-of-this-test'
  const error = { code, why: 'The backend says why.', fix: 'The backend says what to do.' }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const proof = proofOf(token, searchParams.get('challenge') ?? '')
    if (pathname === '/api/identity')
      response.end(JSON.stringify({ product: 'serena-deck', version: '1', pid: process.pid, proof }))
    else response.writeHead(409).end(JSON.stringify({ error }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const startedAt = new Date().toISOString()
  writeBackendRecord(stateFolder, { schema: 1, pid: process.pid, port, token, version: '1', startedAt })
  try {
    expect(await run('registry', 'list')).toEqual({
      code: exitCode,
      out: '',
      problem: 'The backend says why. The backend says what to do.\n',
    })
  } finally {
    removeBackendRecord(stateFolder, token)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
