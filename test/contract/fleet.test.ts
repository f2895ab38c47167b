// The built backend with real Serenas and real clients: HTTP, event stream and command line.
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Instance, instanceListSchema } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, signalProcess } from '../helpers/processes.ts'
import {
  hasLanguageServer,
  hasSerena,
  hasUvx,
  type RealSerena,
  startHttpSerena,
  startSerena,
} from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeSerenaHome, makeTypeScriptProject, type SampleProject } from '../helpers/temp-home.ts'
import { pssOfTree } from '../helpers/tree-memory.ts'
import { scopePerFile, scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const isLinux = process.platform === 'linux'

/** Returns the current instance with that pid. */
async function instanceOf(backend: TestBackend, pid: number): Promise<Instance | undefined> {
  const { instances } = await backend.call('instances')
  return instances.find((instance) => instance.pid === pid)
}

/** Waits for that state through the event stream, without requesting a scan. The timeout allows for a busy machine. */
async function untilState(
  backend: TestBackend,
  pid: number,
  state: Instance['state'] | null,
  timeoutMs = 30_000,
): Promise<Instance | undefined> {
  return waitUntil(
    `process ${pid} to be ${state ?? 'removed'}`,
    async () => {
      const instance = await instanceOf(backend, pid)
      return (instance?.state ?? null) === state ? { instance } : null
    },
    { timeoutMs, everyMs: 50 },
  ).then(({ instance }) => instance)
}

describe.skipIf(!hasSerena() || !isLinux)('a fleet of real Serenas 2.1.0', () => {
  const scope = scopePerFile()
  let backend: TestBackend
  let project: SampleProject
  let fleet: Record<'node' | 'python' | 'off' | 'shell' | 'own' | 'http', RealSerena>
  let uvx: RealSerena | null = null

  beforeAll(async () => {
    const serenaHome = await makeSerenaHome(scope)
    const ownHome = await makeSerenaHome(scope)
    project = await makeTypeScriptProject(scope)
    const other = await makeTypeScriptProject(scope, 'other-ts')
    backend = await startBackend(scope, { homes: [serenaHome, ownHome] })
    backend.stream()
    // One after another: two that start at the same moment may conflict over a port.
    const node = await startSerena(scope, { serenaHome, client: 'node', project: project.path })
    const python = await startSerena(scope, { serenaHome, client: 'python' })
    const off = await startSerena(scope, {
      serenaHome,
      project: other.path,
      args: ['--enable-web-dashboard', 'false'],
    })
    const shell = await startSerena(scope, { serenaHome, launcher: 'sh', project: other.path })
    const own = await startSerena(scope, { serenaHome: ownHome, args: ['--context', 'ide'] })
    const http = await startHttpSerena(scope, { serenaHome, project: other.path })
    if (hasUvx()) uvx = await startSerena(scope, { serenaHome, launcher: 'uvx' })
    fleet = { node, python, off, shell, own, http }
    if (hasLanguageServer()) await node.callTool('get_symbols_overview', { relative_path: 'src/greeter.ts' })
  })

  test('each has the correct state and evidence', async () => {
    const { node, python, off, shell, own, http } = fleet
    const rows: [RealSerena, Partial<Instance>][] = [
      [node, { state: 'live', colour: 'green', title: `${node.pid} - demo-ts`, transport: 'stdio' }],
      [python, { state: 'idle', colour: 'yellow', title: `${python.pid} - NO PROJECT`, project: null }],
      [off, { state: 'no-dashboard', colour: 'grey', title: `${off.pid} - other-ts`, port: null }],
      [shell, { state: 'live', title: `${shell.pid} - other-ts` }],
      [own, { state: 'idle', title: `${own.pid} - NO PROJECT`, context: 'ide' }],
      [http, { state: 'live', title: `${http.pid} - other-ts`, transport: 'streamable-http' }],
    ]
    if (uvx) rows.push([uvx, { state: 'idle', title: `${uvx.pid} - NO PROJECT` }])
    const { instances } = await backend.call('sweep')
    expect(instances).toHaveLength(rows.length)
    for (const [serena, expected] of rows) {
      const instance = instances.find(({ pid }) => pid === serena.pid)
      expect(instance).toMatchObject({
        // Serena adds the commit of the git repository that contains its installation.
        serenaVersion: expect.stringMatching(/^2\.1\.0/) as string,
        owner: { pid: serena.clientPid },
        memoryKind: 'pss',
        verdict: { certainty: 'certain' },
        ...expected,
      })
      if (expected.port !== null) expect(instance?.port).toBe(await serena.dashboardPort())
      expect(instance?.verdict.evidence[0]).toMatch(/\w/)
    }
    const { path } = instances.find(({ pid }) => pid === node.pid)?.project ?? {}
    expect(path).toBe(project.path)
  })

  test('reports the memory of each tree as the sum of its PSS, within 10 %', async () => {
    const { instances } = await backend.call('sweep')
    for (const serena of Object.values(fleet)) {
      const reported = instances.find(({ pid }) => pid === serena.pid)?.memoryBytes ?? 0
      const counted = pssOfTree(serena.pid)
      expect(
        Math.abs(reported - counted) / counted,
        `${serena.pid}: ${reported} reported, ${counted} counted`,
      ).toBeLessThan(0.1)
    }
    if (hasLanguageServer())
      expect(instances.find(({ pid }) => pid === fleet.node.pid)?.processCount).toBeGreaterThan(2)
  })

  test('the command line shows the same, with and without the backend', async () => {
    const withBackend = instanceListSchema.parse(
      JSON.parse((await runCli(['list', '--json'], { env: backend.env })).stdout),
    )
    const alone = instanceListSchema.parse(
      JSON.parse(
        (await runCli(['list', '--json'], { env: { ...backend.env, SERENA_DECK_STATE: project.path } }))
          .stdout,
      ),
    )
    const key = ({ id, title, state, colour, project: of, context, owner, port }: Instance): unknown => ({
      id,
      title,
      state,
      colour,
      of,
      context,
      owner,
      port,
    })
    expect(alone.instances.map(key)).toEqual(withBackend.instances.map(key))
  })

  test('the tab of an instance has its facts and its log', async () => {
    const instance = await instanceOf(backend, fleet.node.pid)
    const params = { id: instance?.id ?? '' }
    const overview = await backend.call('overview', { params })
    expect(overview).toMatchObject({
      isAvailable: true,
      data: { project: { name: 'demo-ts', path: project.path }, languageServers: ['typescript'] },
    })
    const logs = await backend.call('logs', { params, query: { from: '0' } })
    expect(JSON.stringify(logs)).toContain(`process id=${fleet.node.pid}`)
    if (hasLanguageServer()) {
      const stats = await backend.call('stats', { params })
      expect(JSON.stringify(stats)).toContain('get_symbols_overview')
      const executions = await backend.call('executions', { params })
      expect(executions).toMatchObject({ data: { last: { finishedSuccessfully: true } } })
    }
  })

  test('a project that becomes active turns the tab green and sets its name, automatically', async () => {
    const third = await makeTypeScriptProject(scope, 'third-ts')
    await fleet.python.activateProject(third.path)
    const instance = await untilState(backend, fleet.python.pid, 'live')
    expect(instance?.title).toBe(`${fleet.python.pid} - third-ts`)
  })

  test('a stopped instance is suspended (gray), never red, and recovers when it continues', async () => {
    signalProcess(fleet.shell.mark, 'SIGSTOP')
    try {
      const stopped = await untilState(backend, fleet.shell.pid, 'suspended')
      expect(stopped).toMatchObject({ colour: 'grey', title: `${fleet.shell.pid} - other-ts` })
    } finally {
      signalProcess(fleet.shell.mark, 'SIGCONT')
    }
    await untilState(backend, fleet.shell.pid, 'live')
  })

  test('a started instance gets a tab; a killed one is removed', async () => {
    const late = await startSerena(scope, { serenaHome: fleet.own.serenaHome })
    await waitUntil('its tab', () => instanceOf(backend, late.pid), { everyMs: 50 })
    await untilState(backend, late.pid, 'idle')
    signalProcess(late.mark, 'SIGKILL')
    await untilState(backend, late.pid, null)
    expect(isAlive(late.mark)).toBe(false)
  })

  test('a killed instance with a registry entry turns red', async () => {
    const serena = await startSerena(scope, { serenaHome: fleet.own.serenaHome })
    const now = new Date().toISOString()
    const entry = {
      pid: serena.pid,
      port: await serena.dashboardPort(),
      project_name: basename(project.path),
      project_root: project.path,
      context: 'ide',
      modes: [],
      started_at: now,
      last_seen: now,
    }
    // Like a program that renews its entry: the backend may publish in the same moment.
    await waitUntil('the entry to be joined', async () => {
      await writeFile(join(fleet.own.serenaHome, 'instances.json'), JSON.stringify({ x: entry }))
      return (await instanceOf(backend, serena.pid))?.sources.includes('registry')
    })
    signalProcess(serena.mark, 'SIGKILL')
    const dead = await untilState(backend, serena.pid, 'dead')
    expect(dead).toMatchObject({
      colour: 'red',
      title: `${serena.pid} - demo-ts`,
      verdict: { certainty: 'certain' },
    })
    expect(dead?.verdict.evidence[0]).toContain('has exited')
  })
})

describe('a hung instance', () => {
  const scope = scopePerTest()

  test('turns red in time, turns green when it answers, and delays no other instance', async () => {
    const serenaHome = await makeSerenaHome(scope)
    const first = await startTestStandIn(scope, {
      serenaHome,
      options: { project: { name: 'hung', path: '/srv/hung' }, hangsAfterMs: 0, hangsAfterAnswers: 3 },
    })
    const others = await Promise.all(
      ['a', 'b'].map((name) =>
        startTestStandIn(scope, {
          serenaHome,
          options: { project: { name, path: `/srv/${name}` }, logLinesPerSecond: 2 },
        }),
      ),
    )
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const stream = backend.stream()
    await untilState(backend, first.pid, 'live')
    const slow = await waitUntil('the flag slow', async () => {
      const instance = await instanceOf(backend, first.pid)
      return instance?.flags.includes('slow') ? instance : null
    })
    expect(slow).toMatchObject({ state: 'live', colour: 'green' })
    const hung = await untilState(backend, first.pid, 'hung', 60_000)
    expect(hung).toMatchObject({ colour: 'red', verdict: { certainty: 'certain' } })
    expect(hung?.verdict.evidence[0]).toMatch(/No answer on port \d+ for \d\d s/)
    // Meanwhile the others were scanned repeatedly.
    const fresh = stream.events.filter(
      (event) =>
        event.type === 'delta' && event.changed.some(({ pid }) => others.some((other) => other.pid === pid)),
    )
    expect(fresh.length).toBeGreaterThan(2)
    for (const other of others)
      expect(await instanceOf(backend, other.pid)).toMatchObject({ state: 'live', flags: [] })
    first.send('answer')
    await untilState(backend, first.pid, 'live')
  })
})
