// What `wrap` transfers between a client and its Serena: the same bytes, the same end of input and exit codes, and nothing else.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliProgram } from '../helpers/backend.ts'
import { type RawClient, sayHello, startRawClient } from '../helpers/raw-client.ts'
import { hasSerena, serenaProgram, startSerena } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const ON_POSIX = process.platform !== 'win32'

type Words = readonly [string, ...string[]]
const wrapped = (words: readonly string[], flags: readonly string[] = []): Words => [
  process.execPath,
  cliProgram,
  'wrap',
  ...flags,
  '--',
  ...words,
]

async function ownEnvironment(
  more: NodeJS.ProcessEnv = {},
): Promise<{ cwd: string; env: NodeJS.ProcessEnv }> {
  const serenaHome = await makeSerenaHome(scope)
  const stateFolder = await makeTempFolder(scope, 'state')
  return {
    cwd: serenaHome,
    env: {
      ...process.env,
      SERENA_HOME: serenaHome,
      SERENA_DECK_ONLY_HOMES: serenaHome,
      SERENA_DECK_STATE: stateFolder,
      SERENA_USAGE_REPORTING: 'false',
      ...more,
    },
  }
}

/** Starts a wrapped Node program. */
async function startWrappedScript(script: string, nodeArgs: readonly string[] = []): Promise<RawClient> {
  return startRawClient(scope, wrapped([process.execPath, ...nodeArgs, '-e', script]), await ownEnvironment())
}

describe.skipIf(!hasSerena() || !ON_POSIX)('a real Serena', () => {
  const call = (id: number, name: string, args: object): object => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: args },
  })

  async function answersOf(
    wrap: boolean,
    project: string,
    agentInterface: 'tools' | 'repl',
    calls: readonly object[],
  ): Promise<Map<number, string>> {
    const args = ['--project', project, '--agent-interface', agentInterface, '--open-web-dashboard', 'false']
    const words: Words = [serenaProgram('2.1.0'), 'start-mcp-server', ...args]
    const client = startRawClient(scope, wrap ? wrapped(words) : words, await ownEnvironment())
    sayHello(client)
    await client.answers([0])
    // A few at a time, as clients do.
    for (let at = 0; at < calls.length; at += 8) {
      const some = calls.slice(at, at + 8)
      for (const message of some) client.send(message)
      await client.answers(some.map((_, i) => at + i + 1))
    }
    const answers = await client.answers([0, ...calls.map((_, i) => i + 1)])
    client.child.stdin?.end()
    expect(await client.ended).toBe(0)
    return answers
  }

  test.each(['tools', 'repl'] as const)(
    'returns the same bytes with and without wrap, %s',
    async (agentInterface) => {
      const { path } = await makeTypeScriptProject(scope)
      writeFileSync(join(path, 'long.txt'), `${'Äpfel, 苹果, 🍏 und Birnen. '.repeat(4_000)}\n`)
      const tools = (id: number): object[] => [
        call(id, 'list_dir', { relative_path: '.', recursive: true, session: 't' }),
        call(id, 'find_file', { file_mask: '*.ts', relative_path: '.', session: 't' }),
        call(id, 'search_for_pattern', { substring_pattern: 'Greet', session: 't' }),
        call(id, 'read_file', { relative_path: 'long.txt', max_answer_chars: 500_000, session: 't' }),
        call(id, 'read_memory', { memory_name: 'not there', session: 't' }),
      ]
      const calls =
        agentInterface === 'tools'
          ? Array.from({ length: 200 }, (_, i) => tools(i + 1)[i % 5] ?? {})
          : Array.from({ length: 60 }, (_, i) =>
              call(i + 1, 'serena_repl', { session: 's', code: `x = ${i}\n"größer " * x` }),
            )
      const direct = await answersOf(false, path, agentInterface, calls)
      const through = await answersOf(true, path, agentInterface, calls)
      expect(direct.size).toBe(calls.length + 1)
      expect(direct.get(4)?.length).toBeGreaterThan(agentInterface === 'tools' ? 100_000 : 50)
      for (const [id, line] of direct) expect(through.get(id), `answer ${id}`).toBe(line)
    },
    240_000,
  )

  test.each(['node', 'python-sdk'] as const)('serves the official client: %s', async (client) => {
    const { path } = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { client, wrap: [], project: path })
    const texts = await Promise.all(
      Array.from({ length: 200 }, () =>
        serena.callTool('find_file', { file_mask: '*.ts', relative_path: '.', session: 't' }),
      ),
    )
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain('src/greeter.ts')
    await serena.close()
  })
})

describe.skipIf(!ON_POSIX)('any program', () => {
  test('passes the end of input on, and exits with the same exit code', async () => {
    const { child, ended } = await startWrappedScript(
      `process.stdin.resume().on('end', () => process.exit(7))`,
    )
    child.stdin?.end()
    expect(await ended).toBe(7)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('forwards %s', async (signal) => {
    const client = await startWrappedScript(
      `process.on('${signal}', () => process.exit(9)); console.log('{"id":0}'); setInterval(() => {}, 1e6)`,
    )
    await client.answers([0])
    client.child.kill(signal)
    expect(await client.ended).toBe(9)
  })

  test('exits with the signal that ended the program', async () => {
    const client = await startWrappedScript(`process.kill(process.pid, 'SIGKILL')`)
    expect(await client.ended).toBe('SIGKILL')
  })

  test.each([
    ['no program', [], 2, /serena start-mcp-server/],
    ['a program that is not there', ['--', 'no-such-program-here'], 1, /Cannot start no-such-program-here/],
    [
      'a flag that makes no sense',
      ['--web-dashboard-global=maybe', '--', 'true'],
      2,
      /must be true or false/,
    ],
    ['idle minutes of 0', ['--idle-shutdown-minutes', '0', '--', 'true'], 2, /above 0/],
  ] as const)('reports on stderr only: %s', async (_, words, code, text) => {
    const client = startRawClient(
      scope,
      [process.execPath, cliProgram, 'wrap', ...words],
      await ownEnvironment(),
    )
    expect(await client.ended).toBe(code)
    expect(client.errors()).toMatch(text)
    expect(client.lines()).toEqual([])
  })

  test('forwards only JSON messages to the client', async () => {
    const big = 5 * 1024 * 1024
    const client = await startWrappedScript(`
      // The pauses keep the pieces apart: each is read by itself.
      const say = (bytes) => process.stdout.write(bytes)
      const letter = Buffer.from('{"id":2,"text":"größer 🍏"}\\n')
      say('Downloading language server…\\n{"id":1}\\n  half a line')
      setTimeout(() => say(' goes on\\n' + 'x'.repeat(${big}) + '\\n'), 50)
      letter.forEach((byte, i) => setTimeout(() => say(Buffer.of(byte)), 200 + i))
      setTimeout(() => say('{"id":"no request"}\\n[{"id":3}]\\nlast words'), 600)
      setTimeout(() => process.exit(0), 800)`)
    expect(await client.ended).toBe(0)
    expect(client.lines()).toEqual([
      '{"id":1}',
      '{"id":2,"text":"größer 🍏"}',
      '{"id":"no request"}',
      '[{"id":3}]',
    ])
    expect(client.errors()).toContain('Downloading language server…')
    expect(client.errors()).toContain('last words')
  })

  test.each([
    // By SIGKILL where the noise is still being written; where Node has made the pipe one that does not wait it is dropped.
    ['its program ends', 'process.exit(3)', [], ['SIGKILL', 3]],
    ['it was idle', 'setInterval(() => {}, 1e6)', ['--idle-shutdown-minutes=0.05'], ['SIGTERM']],
  ] as const)('unread output does not keep wrap from exiting: %s', async (_, then, flags, ends) => {
    const answer = '{"jsonrpc":"2.0","id":0,"result":{}}'
    const script = `process.stdout.write('${answer}\\n' + 'noise\\n'.repeat(150_000), () => ${then})`
    const [file, ...words] = wrapped([process.execPath, '-e', script], flags)
    // Its stderr is left unread.
    const child = spawn(file, words, { ...(await ownEnvironment()), stdio: 'pipe' })
    scope.add(() => void child.kill('SIGKILL'))
    child.stdout.resume()
    const [code, signal] = (await once(child, 'exit', { signal: AbortSignal.timeout(15_000) })) as unknown[]
    expect(ends).toContain(signal ?? code)
  })

  test('a client that stops reading blocks the program, and later receives every byte', async () => {
    const total = 200 * 1024 * 1024
    const script = `
      const hash = require('node:crypto').createHash('sha256')
      const line = Buffer.from('{"a":"' + 'ä'.repeat(30000) + '"}\\n')
      let left = Math.ceil(${total} / line.length)
      const go = () => {
        while (left-- > 0) { hash.update(line); if (!process.stdout.write(line)) return process.stdout.once('drain', go) }
        clearInterval(reports)
        process.stderr.write('hash ' + hash.digest('hex') + '\\n', () => process.exit(0))
      }
      const reports = setInterval(() => process.stderr.write('left ' + left + '\\n'), 50)
      process.stdin.once('data', go)`
    const client = await startWrappedScript(script)
    const { stdout } = client.child
    if (stdout === null) throw new Error('no stdout')
    stdout.removeAllListeners('data')
    stdout.pause()
    const rssOf = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${client.mark.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    const reports = (): string[] => client.errors().match(/(?<=left )\d+(?=\n)/g) ?? []
    await waitUntil('its first report', () => reports()[0])
    const before = process.platform === 'linux' ? rssOf() : 0
    client.send({ go: true })
    await waitUntil('twenty reports without progress', () => {
      const last = reports().slice(-20)
      return last.length === 20 && new Set(last).size === 1 && last[0] !== reports()[0]
    })
    const after = process.platform === 'linux' ? rssOf() : 0
    expect(client.errors()).not.toContain('hash')
    expect(after - before).toBeLessThan(32)
    const hash = createHash('sha256')
    stdout.on('data', (chunk: string) => hash.update(chunk)).resume()
    expect(await client.ended).toBe(0)
    expect(client.errors().trim().split('\n').at(-1)).toBe(`hash ${hash.digest('hex')}`)
  })

  test('a client that closed its output ends the program without an error message', async () => {
    const client = await startWrappedScript(`
      console.log('{"id":0}')
      process.stdout.on('error', () => process.exit(5))
      process.stdin.resume().on('end', () => undefined)
      setInterval(() => console.log('{"id":1}'), 50)`)
    await client.answers([0])
    client.child.stdout?.destroy()
    expect(await client.ended).toBe(5)
    expect(client.errors()).toBe('')
  })

  test('restarts an old Serena without the flag it does not know, and loses no message', async () => {
    const folder = await makeTempFolder(scope, 'old')
    const program = join(folder, 'serena')
    writeFileSync(
      program,
      `if (process.argv.includes('--open-web-dashboard')) { console.error('No such option'); process.exit(2) }
       require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => console.log(line))`,
    )
    const client = startRawClient(
      scope,
      wrapped([process.execPath, program, 'start-mcp-server'], ['--web-dashboard-global']),
      await ownEnvironment({ DISPLAY: '' }),
    )
    sayHello(client)
    client.send({ jsonrpc: '2.0', id: 5, method: 'ping' })
    const answers = await client.answers([0, 5])
    expect(JSON.parse(answers.get(5) ?? '')).toEqual({ jsonrpc: '2.0', id: 5, method: 'ping' })
    client.child.stdin?.end()
    expect(await client.ended).toBe(0)
  })

  test('keeps the program while its client is silent but running', async () => {
    const client = await startWrappedScript(`
      let id = 0
      setInterval(() => console.log(JSON.stringify({ id: id++ })), 250)
      process.stdin.resume().on('end', () => process.exit(0))`)
    // Longer than the steps of an ending take.
    await client.answers(Array.from({ length: 24 }, (_, id) => id))
    client.child.stdin?.end()
    expect(await client.ended).toBe(0)
  })
})
