// A wrapped Serena and its environment: its client, however it exits; the registry; a backend that runs, starts or exits; the
// single page.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instanceListSchema } from '#contract/instance'
import { cliProgram, startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { guardAll } from '../helpers/leaving-tree.ts'
import { isAlive, markProcess, markTree, signalProcess } from '../helpers/processes.ts'
import { startRawClient } from '../helpers/raw-client.ts'
import { freePort, hasSerena, type SerenaStart, startSerena } from '../helpers/serena.ts'
import { pagesOpenedBy, standInBrowsers } from '../helpers/stand-in-browsers.ts'
import { runSweeps } from '../helpers/sweeps.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
/** The product promises 5 s (the test prints the time); a busy machine may need longer. */
const LIMIT_MS = 30_000
const PATIENT = { timeoutMs: 30_000 }

/** A killed backend may leave its publishing record in the folder, which is not an entry. */
const entriesIn = (serenaHome: string): Record<string, unknown>[] => {
  const folder = join(serenaHome, 'instances.d')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>)
    .filter((entry) => 'identity' in entry)
}

describe.skipIf(!hasSerena() || process.platform !== 'linux')('a wrapped real Serena', () => {
  test.each<[string, SerenaStart]>([
    ['a Node client', { client: 'node' }],
    ['a Python client whose sibling keeps the connection', { client: 'python', hasSibling: true }],
    ['sh -c', { client: 'python', launcher: 'sh' }],
    ['sh -c and a sibling', { client: 'node', launcher: 'sh', hasSibling: true }],
    ['npx and a sibling', { client: 'node', launcher: 'npx', hasSibling: true }],
  ])('a killed client leaves no process: %s', async (situation, start) => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { ...start, wrap: [], project: project.path })
    await waitUntil('its entry', () => entriesIn(serena.serenaHome).length === 1, PATIENT)
    expect(entriesIn(serena.serenaHome)).toEqual([
      expect.objectContaining({
        pid: serena.pid,
        project: { name: project.name, path: project.path },
        client: { pid: serena.clientPid, name: `${start.client}-client` },
        flags: { isGlobal: null, opensOnLaunch: null },
      }),
    ])
    await serena.callTool('find_symbol', { name_path_pattern: 'Greeter', session: 'test' })
    const others = [serena.clientPid, serena.siblingPid]
    const tree = markTree(serena.clientPid).filter(({ pid }) => !others.includes(pid))
    guardAll(scope, tree)
    expect(tree.length).toBeGreaterThan(2)
    const killedAtMs = performance.now()
    serena.killClient()
    await waitUntil('all to exit', () => !tree.some(isAlive), { timeoutMs: LIMIT_MS })
    console.log(
      `${situation}: ${tree.length} processes exited ${Math.round(performance.now() - killedAtMs)} ms after the client`,
    )
    expect(entriesIn(serena.serenaHome)).toEqual([])
  })

  test('a killed wrapper leaves no Serena and no language server', async () => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { wrap: [], hasSibling: true, project: project.path })
    await serena.callTool('find_symbol', { name_path_pattern: 'Greeter', session: 'test' })
    const [wrapper, ...below] = markTree(serena.clientPid).filter(
      ({ pid }) => pid !== serena.clientPid && pid !== serena.siblingPid,
    )
    if (!wrapper) throw new Error('no wrapper')
    expect(readFileSync(`/proc/${wrapper.pid}/cmdline`, 'latin1')).toContain(`wrap\u0000--`)
    guardAll(scope, below)
    signalProcess(wrapper, 'SIGKILL')
    await waitUntil('all to exit', () => !below.some(isAlive), { timeoutMs: LIMIT_MS })
  })

  test('serves without a backend, with one, and after it was killed', async () => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { wrap: [], project: project.path })
    const call = (): Promise<string> =>
      serena.callTool('find_file', { file_mask: 'greeter.ts', relative_path: '.', session: 'test' })
    const answer = await call()
    const stateFolder = await makeTempFolder(scope, 'state')
    for (const _ of [1, 2]) {
      const backend = await startBackend(scope, { homes: [serena.serenaHome], stateFolder })
      await waitUntil(
        'its tab',
        async () => {
          const [one] = (await backend.call('sweep')).instances
          return one?.pid === serena.pid && one.state === 'live' && one.owner?.pid === serena.clientPid
        },
        PATIENT,
      )
      expect(await call()).toBe(answer)
      signalProcess(backend.program.mark, 'SIGKILL')
      await waitUntil('the backend to exit', () => !isAlive(backend.program.mark))
      expect(await call()).toBe(answer)
    }
    await serena.close()
    expect(entriesIn(serena.serenaHome)).toEqual([])
  })

  test("does not open Serena's own dashboard when the global one is set", async () => {
    const { env, opened } = await standInBrowsers(scope)
    const serenaHome = await makeSerenaHome(scope)
    writeFileSync(
      join(serenaHome, 'serena_config.yml'),
      'projects: []\nweb_dashboard_global: true\nweb_dashboard_open_on_launch: true\n',
    )
    const serena = await startSerena(scope, { wrap: [], serenaHome, env, leavesOpening: true })
    await serena.dashboardPort()
    expect(readFileSync(`/proc/${serena.pid}/cmdline`, 'latin1')).toContain('--open-web-dashboard\u0000false')
    await serena.callTool('list_memories', { session: 'test' }).catch(String)
    expect(opened()).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('the one page', () => {
  const OPENING = ['--web-dashboard-global', '--web-dashboard-global-open-on-launch=true']
  /** A minimal program that is detected as a Serena, prints one message and exits at the end of its input. */
  const PROGRAM = `console.log('{"id":0}'); process.stdin.resume().on('end', () => process.exit(0))`

  async function setUp() {
    const { env, opened } = await standInBrowsers(scope)
    const serenaHome = await makeSerenaHome(scope)
    const stateFolder = await makeTempFolder(scope, 'state')
    const program = join(await makeTempFolder(scope, 'program'), 'serena')
    writeFileSync(program, PROGRAM)
    const port = await freePort()
    const own: NodeJS.ProcessEnv = {
      ...process.env,
      ...env,
      SERENA_HOME: serenaHome,
      SERENA_DECK_ONLY_HOMES: serenaHome,
      SERENA_DECK_STATE: stateFolder,
      SERENA_DECK_TRAY_PORT: String(await freePort()),
    }
    const start = async () => {
      const serena = [process.execPath, program, 'start-mcp-server'] as const
      const words = ['wrap', ...OPENING, '--', ...serena, `--web-dashboard-global-port=${port}`]
      const client = startRawClient(scope, [process.execPath, cliProgram, ...words], {
        cwd: serenaHome,
        env: own,
      })
      await client.answers([0])
      return client
    }
    /** Returns the pid of the backend that a wrapper has started; it is killed when the scope ends. */
    const backendPid = async (): Promise<number> => {
      const file = join(stateFolder, 'backend.json')
      const pid = await waitUntil(
        'a backend',
        () => existsSync(file) && Number((JSON.parse(readFileSync(file, 'utf8')) as { pid: unknown }).pid),
        PATIENT,
      )
      const mark = markProcess(pid)
      if (mark) guardAll(scope, [mark])
      return pid
    }
    return { opened, start, backendPid, port, serenaHome, stateFolder, env: own }
  }

  test('ten wrapped instances without a backend start one backend and open one page', async () => {
    const { opened, start, backendPid, port, serenaHome, env } = await setUp()
    const clients = await Promise.all(Array.from({ length: 10 }, start))
    const pid = await backendPid()
    await waitUntil('a page', () => opened().length > 0, PATIENT)
    await waitUntil('ten entries', () => entriesIn(serenaHome).length === 10, PATIENT)
    await waitUntil(
      'ten instances',
      async () => {
        const { stdout } = await runCli(['list', '--json'], { env })
        return instanceListSchema.parse(JSON.parse(stdout)).instances.length === 10
      },
      PATIENT,
    )
    const [page = '', ...more] = await pagesOpenedBy({ env }, opened)
    expect(more).toEqual([])
    expect(page).toContain(`http://127.0.0.1:${port}/`)
    const pids = entriesIn(serenaHome).map((entry) => entry['pid'])
    expect(pids).toContain(Number(/#[\w-]+\.(\d+)-/.exec(page)?.[1]))
    // It is not a descendant of any of them.
    for (const { child } of clients) child.stdin?.end()
    for (const { ended } of clients) expect(await ended).toBe(0)
    expect(markProcess(pid)).not.toBeNull()
    expect(entriesIn(serenaHome)).toEqual([])
  })

  test('a running backend opens the page once, and not while a page is open', async () => {
    const { opened, start, env, serenaHome, stateFolder } = await setUp()
    const backend = await startBackend(scope, { homes: [serenaHome], stateFolder, env })
    await start()
    await waitUntil('a page', () => opened().length > 0, PATIENT)
    const page = backend.stream()
    await page.until(({ type }) => type === 'snapshot')
    await start()
    await waitUntil('two tabs', async () => (await backend.call('sweep')).instances.length === 2, PATIENT)
    await runSweeps(backend, 3)
    expect(await pagesOpenedBy(backend, opened)).toHaveLength(1)
  })
})
