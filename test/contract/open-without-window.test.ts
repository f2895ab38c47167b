// `open` where no window is possible: one line says why, and the page opens in the browser.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instanceListSchema } from '#contract/instance'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { guardProcess, isAlive, markProcess, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** A desktop whose browser only records its arguments; no network except the proxy of a test. */
async function makeDesk(): Promise<{
  folder: string
  env: NodeJS.ProcessEnv
  browser: string
  cache: string
}> {
  const folder = await makeTempFolder(scope, 'no-window')
  const tools = join(folder, 'tools')
  const browser = join(folder, 'browser.txt')
  const home = join(folder, 'home')
  const cache = join(folder, 'cache')
  for (const path of [tools, home]) await mkdir(path)
  await writeFile(join(tools, 'xdg-open'), `#!/bin/sh\necho "$1" > '${browser}'\n`, { mode: 0o755 })
  const env = {
    HOME: home,
    SERENA_HOME: join(folder, 'serena'),
    SERENA_DECK_ONLY_HOMES: join(folder, 'serena'),
    SERENA_DECK_STATE: join(folder, 'state'),
    SERENA_DECK_RUNTIME: '',
    XDG_CACHE_HOME: cache,
    DISPLAY: ':9999',
    WAYLAND_DISPLAY: '',
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
    https_proxy: 'http://127.0.0.1:1',
    no_proxy: '',
  }
  return { folder, env, browser, cache }
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
    : []

/** Runs `open`; the backend that it starts is stopped after the test. */
async function open(env: NodeJS.ProcessEnv, ...words: string[]): Promise<CliResult> {
  const result = await runCli(['open', '--port', '0', ...words], { env, timeoutMs: 60_000 })
  const record = join(env['SERENA_DECK_STATE'] ?? '', 'backend.json')
  const { pid } = JSON.parse(readFileSync(record, 'utf8')) as { pid: number }
  const backend = markProcess(pid)
  if (backend === null) throw new Error('the backend has ended')
  guardProcess(backend)
  scope.add(async () => {
    signalProcess(backend, 'SIGTERM')
    await waitUntil('the backend has ended', () => !isAlive(backend))
  })
  return result
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.add(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Starts a proxy that forwards every address to that port; returns the environment that makes a program use it. */
async function proxyTo(port: number): Promise<NodeJS.ProcessEnv> {
  const proxy = createServer().on('connect', (_: IncomingMessage, socket: Socket) => {
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    for (const end of [socket, target]) end.on('error', () => undefined)
  })
  return { https_proxy: `http://127.0.0.1:${await listen(proxy)}` }
}

/** Starts a fake GitHub with its own certificate; returns the environment that trusts it. */
async function fakeGitHub(folder: string, answer: RequestListener): Promise<NodeJS.ProcessEnv> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=github.com', '-addext', 'subjectAltName=DNS:github.com']
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  execFileSync('openssl', [...made, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' })
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, answer)
  return { ...(await proxyTo(await listen(server))), NODE_EXTRA_CA_CERTS: certificate }
}

function expectPage({ code, stdout }: CliResult, browser: string, isStarted = true): void {
  expect(code).toBe(0)
  const rest = isStarted
    ? 'The backend continues in the background; `serena-deck serve --stop` stops it.\n'
    : ''
  expect(stdout).toMatch(/^Serena Deck opens in the browser at http:\/\/127\.0\.0\.1:\d+\/\. .*\n/)
  expect(stdout.split('\n').slice(1).join('\n')).toBe(rest)
  expect(existsSync(browser)).toBe(true)
}

describe.skipIf(process.platform !== 'linux')(
  'opens the page, and says in one line why there is no window',
  () => {
    test('no network', async () => {
      const { env, browser, cache } = await makeDesk()
      const result = await open(env)
      expectPage(result, browser)
      expect(result.stderr).toBe(
        'No window: The window runtime could not be downloaded: the server cannot be reached. Start Serena Deck again to resume the download.\n',
      )
      expect(filesIn(cache)).toEqual([])
    })

    test.skipIf(!hasOpenssl)('discards a download that is not the pinned file', async () => {
      const { folder, env, browser, cache } = await makeDesk()
      const paths: string[] = []
      const github = await fakeGitHub(folder, (request, response) => {
        paths.push(`${request.headers.host}${request.url}`)
        response.end('<html>Please log in</html>')
      })
      const result = await open({ ...env, ...github })
      expectPage(result, browser)
      expect(result.stderr.trimEnd().split('\n').at(-1)).toBe(
        'No window: The downloaded window runtime has a wrong checksum and was discarded. Check for a proxy that changes downloads, then start Serena Deck again.',
      )
      expect(paths).toEqual([
        'github.com/neutralinojs/neutralinojs/releases/download/v6.9.0/neutralinojs-v6.9.0.zip',
      ])
      expect(filesIn(cache)).toEqual([])
    })

    test.skipIf(!hasOpenssl)('keeps the first part of an interrupted download', async () => {
      const { folder, env, browser, cache } = await makeDesk()
      const ranges: (string | undefined)[] = []
      const github = await fakeGitHub(folder, (request, response) => {
        ranges.push(request.headers.range)
        if (request.headers.range) {
          response.writeHead(503).end()
          return
        }
        response.writeHead(200, { 'content-length': 8_000_000 })
        response.write(Buffer.alloc(2_000_000))
        void waitUntil('the first part', () => filesIn(cache).length > 0).finally(() => response.destroy())
      })
      const result = await open({ ...env, ...github })
      expectPage(result, browser)
      expect(result.stderr).toContain('Downloading the window runtime (first start only): ')
      expect(result.stderr).toContain(' of 8.0 MB\n')
      expect(result.stderr).toMatch(
        /No window: The window runtime could not be downloaded: the (connection was cut|server answered with status 503)\. /,
      )
      expect(filesIn(cache)).toEqual([expect.stringMatching(/\.zip\.part$/)])
      expect(ranges[1]).toMatch(/^bytes=\d+-$/)
    })

    test('a cache that cannot be written', async () => {
      const { env, browser, cache } = await makeDesk()
      await writeFile(cache, 'a file')
      const result = await open(env)
      expectPage(result, browser)
      expect(result.stderr).toMatch(
        /^No window: Cannot store the window runtime in .*\/neutralino\/6\.9\.0: a part of its path is not a folder\. .*\n$/,
      )
    })

    test('a runtime that is not a program, or that exits at once', async () => {
      const { folder, env, browser } = await makeDesk()
      const none = await open({ ...env, SERENA_DECK_RUNTIME: join(folder, 'none') })
      expectPage(none, browser)
      expect(none.stderr).toBe(
        `No window: SERENA_DECK_RUNTIME is set to ${join(folder, 'none')}, which this user cannot execute. Correct the variable or unset it.\n`,
      )
      const ending = join(folder, 'ending')
      await writeFile(ending, '#!/bin/sh\necho "Please install libwebkit2gtk-4.1-0"\nexit 1\n', {
        mode: 0o755,
      })
      const ended = await open({ ...env, SERENA_DECK_RUNTIME: ending })
      expectPage(ended, browser, false)
      expect(ended.stderr).toMatch(/^No window: .*Please install libwebkit2gtk-4\.1-0.*\n$/)
    })

    test('prints nothing about the window without a screen or with --browser', async () => {
      const { env, browser } = await makeDesk()
      const chosen = await open(env, '--browser')
      expectPage(chosen, browser)
      expect(chosen.stderr).toBe('')
      const blind = await open({ ...env, DISPLAY: '' })
      expect([blind.code, blind.stderr]).toEqual([0, ''])
      expect(blind.stdout).toMatch(/^Open this address in a browser within 60 seconds: /)
    })

    test('opens the tab of a target, and starts nothing for an unknown one', async () => {
      const { env, browser } = await makeDesk()
      const state = join(env['SERENA_DECK_STATE'] ?? '', 'backend.json')
      const serenaHome = env['SERENA_HOME'] ?? ''
      await mkdir(serenaHome)
      const standIn = await startTestStandIn(scope, { serenaHome })
      const asked = ['open', '--browser', 'no-such']
      const missing = {
        code: 3,
        stdout: '',
        stderr: 'No such instance: no-such. Run `serena-deck list` to see all instances.\n',
      }
      expect(await runCli(asked, { env })).toEqual(missing)
      expect([existsSync(state), existsSync(browser)]).toEqual([false, false])

      expectPage(await open(env, '--browser', `pid:${standIn.pid}`), browser)
      const list = await runCli(['list', '--json'], { env })
      const id = instanceListSchema.parse(JSON.parse(list.stdout)).instances[0]?.id ?? ''
      expect(readFileSync(readFileSync(browser, 'utf8').trim(), 'utf8')).toContain(`.${id}"`)
      expect(await runCli(asked, { env })).toEqual(missing)
      const printed = await runCli(['open', '--print', `port:${standIn.port()}`], { env })
      expect(printed.stdout).toMatch(new RegExp(`/#[^.]+\\.${id}\\n$`))
      expect((await runCli(['open', '--print', 'no-such'], { env })).code).toBe(3)
    })
  },
)
