// Zombies of each kind, and instances that only look like one: which are ended by kill-all, which only by name, and which never.
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Receipt, receiptSchema } from '#contract/ending'
import { instanceListSchema } from '#contract/instance'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { guardAll } from '../helpers/leaving-tree.ts'
import { asOtherUser, inNetworkOf, inOwnNetwork, inOwnPids, whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, markProcess, markTree, signalProcess } from '../helpers/processes.ts'
import { hasLanguageServer, hasSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const run = promisify(execFile)

/** No process has this pid: the kernel's limit is lower. */
const UNUSED_PID = 4_194_300

async function startDeck(): Promise<{ home: string; backend: TestBackend }> {
  const home = await makeTempFolder(scope, 'home')
  return { home, backend: await startBackend(scope, { homes: [home] }) }
}

const idOf = async (backend: TestBackend, pid: number): Promise<string> => {
  const { instances } = await backend.call('sweep')
  return instances.find((one) => one.pid === pid)?.id ?? 'none'
}

async function killZombies(
  env: NodeJS.ProcessEnv,
  ...more: string[]
): Promise<{ code: number | null; receipt: Receipt }> {
  const { code, stdout } = await runCli(['kill', '--zombies', '--yes', '--json', ...more], { env })
  return { code, receipt: receiptSchema.parse(JSON.parse(stdout)) }
}

test('removes own dead entries, and refuses entries of other programs', async () => {
  const { home, backend } = await startDeck()
  const own = join(home, 'instances.d', `${UNUSED_PID}-1.json`)
  const foreign = join(home, 'instances.json')
  await mkdir(join(home, 'instances.d'))
  const entry = {
    schema: 1,
    pid: UNUSED_PID,
    startedAt: 1,
    identity: `boot:${UNUSED_PID}:1`,
    pidNamespace: null,
  }
  await writeFile(
    own,
    JSON.stringify({ ...entry, port: null, project: null, context: null, modes: [], updatedAt: 1 }),
  )
  const text = JSON.stringify({
    x: { pid: UNUSED_PID - 1, port: 24_282, started_at: new Date(0).toISOString() },
  })
  await writeFile(foreign, text)
  const { code, receipt } = await killZombies(backend.env)
  expect(code).toBe(1)
  expect(receipt.ended).toMatchObject([{ how: 'entry-removed', processes: 0, freedBytes: 0 }])
  expect(receipt.refused).toHaveLength(1)
  expect(receipt.refused[0]?.why).toContain('another program writes')
  expect([existsSync(own), await readFile(foreign, 'utf8')]).toEqual([false, text])
})

test('ends the others when one has exited since the plan', async () => {
  const { home, backend } = await startDeck()
  await mkdir(join(home, 'instances.d'))
  const files = [0, 1].map((i) => join(home, 'instances.d', `${UNUSED_PID - i}-1.json`))
  for (const [i, file] of files.entries()) {
    const identity = `boot:${UNUSED_PID - i}:1`
    await writeFile(file, JSON.stringify({ schema: 1, pid: UNUSED_PID - i, startedAt: 1, identity }))
  }
  await backend.call('sweep')
  const { plan } = await backend.call('planEnding', { body: { ids: null } })
  const ids = plan.map(({ id }) => id)
  await rm(files[0] ?? '')
  await backend.call('sweep')
  const { ended, refused } = await backend.call('end', { body: { ids } })
  expect([ids.length, ended.map(({ how }) => how)]).toEqual([2, ['entry-removed']])
  expect(refused.map(({ why }) => why)).toEqual(['It is no longer listed.'])
  await expect(backend.call('end', { body: { ids } })).rejects.toThrow(/404/)
})

test('ends a hung instance with a running client only with --include-hung, and keeps one that answers again', async () => {
  const { home, backend } = await startDeck()
  const hung = await startTestStandIn(scope, { serenaHome: home })
  const recovering = await startTestStandIn(scope, { serenaHome: home })
  const live = await startTestStandIn(scope, { serenaHome: home })
  const marks = [hung, recovering, live].map(({ pid }) => markProcess(pid))
  const isUp = (): boolean[] => marks.map((mark) => mark !== null && isAlive(mark))
  await waitUntil('all to answer', async () =>
    (await backend.call('sweep')).instances.every(({ state }) => state === 'idle'),
  )
  backend.stream()
  hung.send('hang')
  recovering.send('hang')
  await waitUntil(
    'two hung instances',
    async () =>
      (await backend.call('instances')).instances.filter(({ state }) => state === 'hung').length === 2,
    { timeoutMs: 40_000, everyMs: 200 },
  )
  const plain = await killZombies(backend.env)
  expect([plain.code, isUp()]).toEqual([3, [true, true, true]])
  const { plan } = await backend.call('planEnding', { body: { ids: null } })
  expect(plan.map(({ checked, refusal, how }) => ({ checked, refusal, how }))).toEqual(
    [0, 1].map(() => ({ checked: false, refusal: null, how: 'terminate' })),
  )
  recovering.send('answer')
  const receipt = await backend.call('end', { body: { ids: plan.map(({ id }) => id) } })
  expect(receipt.ended.map(({ how }) => how)).toEqual(['terminate'])
  expect(receipt.refused.map(({ why }) => why)).toEqual([expect.stringMatching(/answers again/)])
  expect(isUp()).toEqual([false, true, true])
})

test('ends a stopped instance only by name', async () => {
  const { home, backend } = await startDeck()
  const { pid } = await startTestStandIn(scope, { serenaHome: home })
  const mark = markProcess(pid)
  if (!mark) throw new Error('no stand-in')
  await idOf(backend, pid)
  signalProcess(mark, 'SIGSTOP')
  expect((await killZombies(backend.env, '--include-hung')).code).toBe(3)
  const id = await idOf(backend, pid)
  const left = await backend.call('end', { body: { ids: [id] } })
  expect(left.refused).toMatchObject([{ id, why: 'It is now suspended, so it is not ended.' }])
  expect(isAlive(mark)).toBe(true)
  const { code, stdout } = await runCli(['kill', `pid:${pid}`, '--yes', '--json'], { env: backend.env })
  expect([code, receiptSchema.parse(JSON.parse(stdout)).ended[0]?.how]).toEqual([0, 'terminate'])
  expect(isAlive(mark)).toBe(false)
})

test('sends no shutdown request to another program on the port', async () => {
  const { home, backend } = await startDeck()
  const standIn = await startTestStandIn(scope, { serenaHome: home })
  const id = await idOf(backend, standIn.pid)
  const port = standIn.port() ?? 0
  const mark = markProcess(standIn.pid)
  if (mark) signalProcess(mark, 'SIGKILL')
  const asked: (string | undefined)[] = []
  const impostor = createServer(({ method }, response) => {
    asked.push(method)
    response.end('{}')
  })
  await waitUntil('the port to be free', async () => {
    await new Promise<void>((resolve, reject) =>
      impostor.once('error', reject).listen(port, '127.0.0.1', resolve),
    )
    return true
  })
  scope.add(() => void impostor.close())
  const receipt = await backend
    .call('end', { body: { ids: [id], scope: 'named' } })
    .catch((error: unknown) => String(error))
  expect(JSON.stringify(receipt)).toMatch(/already exited|404/)
  expect(asked).not.toContain('PUT')
})

describe.skipIf(whyNoIsolation() !== null)('isolated processes', () => {
  test('keeps a language server of another user, and lists it in the receipt', async () => {
    const folder = await makeTempFolder(scope, 'other-user')
    await chmod(folder, 0o777)
    const program = join(folder, 'serena')
    await writeFile(program, 'setTimeout(() => undefined, 1e8)')
    const words = [process.execPath, program, 'start-mcp-server', '--enable-web-dashboard', 'false']
    // Its language server is started before its parent changes the user.
    const server = join(folder, 'language_servers', 'server')
    await mkdir(join(folder, 'language_servers'))
    await copyFile('/bin/sleep', server)
    await chmod(server, 0o755)
    const script = `${server} 300 & exec ${asOtherUser.join(' ')} ${words.join(' ')}`
    const child = spawn('sh', ['-c', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'], SERENA_HOME: folder, HOME: folder },
      stdio: 'ignore',
    })
    const pid = child.pid ?? 0
    const marks = await waitUntil('both', () => {
      const found = markTree(pid)
      return found.length === 2 ? found : null
    })
    guardAll(scope, marks)
    const [file = '', ...args] = [...asOtherUser, process.execPath, cliProgram]
    const env = { PATH: process.env['PATH'], HOME: folder, SERENA_DECK_STATE: join(folder, 'state') }
    const deck = (...more: string[]) =>
      run(file, [...args, ...more], { env: { ...env, SERENA_DECK_ONLY_HOMES: folder } }).catch(
        (error: unknown) => error as { code: number; stdout: string },
      )
    await waitUntil('the Serena to belong to the user nobody', async () => {
      const { stdout } = await deck('list', '--json')
      return instanceListSchema.parse(JSON.parse(stdout)).instances.some((one) => one.pid === pid)
    })
    const ended = await deck('kill', `pid:${pid}`, '--yes', '--json')
    const receipt = receiptSchema.parse(JSON.parse(ended.stdout))
    expect(receipt.ended).toMatchObject([{ how: 'terminate', processes: 1 }])
    expect(receipt.survivors).toEqual([
      { pid: marks[1]?.pid, why: 'It belongs to another user: only that user can end it.' },
    ])
    expect('code' in ended && ended.code).toBe(1)
    expect(marks.map(isAlive)).toEqual([false, true])
  })

  /** Runs `kill` from here for each stand-in of the demo in there. */
  async function killThere(words: readonly string[], isOurs: boolean): Promise<void> {
    const folder = await makeTempFolder(scope, 'demo')
    await chmod(folder, 0o777)
    const [file = '', ...args] = [
      ...words,
      process.execPath,
      cliProgram,
      'demo',
      '--json',
      '--instances',
      '1',
    ]
    const demo = startDrivenProgram(scope, file, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder },
    })
    scope.add(() => markTree(demo.mark.pid).forEach((mark) => void signalProcess(mark, 'SIGTERM')))
    await demo.said((message) => message['schema'] === 1, 30_000)
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      SERENA_DECK_STATE: await makeTempFolder(scope, 'state'),
    }
    const there = inNetworkOf(demo.mark.pid)
    const deck = async (...more: string[]): Promise<string> => {
      const [nsenter = '', ...rest] = [...there, process.execPath, cliProgram, ...more]
      return (await run(nsenter, rest, { env })).stdout
    }
    const { instances } = instanceListSchema.parse(JSON.parse(await deck('list', '--json')))
    const inside = markTree(demo.mark.pid)
    const [seen] = instances.filter(({ pid }) => inside.some((mark) => mark.pid === pid))
    if (isOurs) {
      // A sandbox of this user: ended by its pid outside.
      expect(['live', 'idle', 'starting', 'no-dashboard']).toContain(seen?.state)
      const mark = inside.find(({ pid }) => pid === seen?.pid)
      await deck('kill', `pid:${seen?.pid}`, '--yes')
      expect(mark && isAlive(mark)).toBe(false)
      return
    }
    expect(seen?.state).toBe('unknown')
    await expect(deck('kill', `pid:${seen?.pid}`, '--yes')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^This instance cannot be ended\./) as unknown,
    })
    expect(inside.every(isAlive)).toBe(true)
  }

  test('refuses to end an instance of another user, also as root', () =>
    killThere([...inOwnNetwork, ...asOtherUser], false))
  test('ends an instance in its own pid namespace by its outer pid', () =>
    killThere([...inOwnNetwork, ...inOwnPids], true))
})

describe.skipIf(!hasSerena() || !hasLanguageServer())(
  'a real Serena with its TypeScript language server',
  () => {
    test.each([
      ['shutdown', 'runs'],
      ['terminate', 'is stopped'],
    ])('ends completely by %s when it %s', async (how, what) => {
      const { path: project } = await makeTypeScriptProject(scope)
      const serena = await startSerena(scope, { project })
      const backend = await startBackend(scope, { homes: [serena.serenaHome] })
      await serena.callTool('get_symbols_overview', { relative_path: 'src/greeter.ts' })
      const tree = await waitUntil('the language server', () => {
        const marks = markTree(serena.pid)
        return marks.length >= 4 ? marks : null
      })
      await waitUntil(
        'it to be live',
        async () => (await backend.call('sweep')).instances[0]?.state === 'live',
      )
      if (what === 'is stopped') signalProcess(serena.mark, 'SIGSTOP')
      const startedAt = performance.now()
      const { code, stdout } = await runCli(['kill', `pid:${serena.pid}`, '--yes', '--json'], {
        env: backend.env,
      })
      const tookMs = performance.now() - startedAt
      const receipt = receiptSchema.parse(JSON.parse(stdout))
      expect(receipt).toMatchObject({ ended: [{ how }], refused: [], survivors: [] })
      expect(receipt.ended[0]?.processes).toBeGreaterThanOrEqual(tree.length)
      expect(receipt.ended[0]?.freedBytes).toBeGreaterThan(100e6)
      expect([code, tree.filter(isAlive)]).toEqual([0, []])
      expect(tookMs).toBeLessThan(20_000)
    })
  },
)
