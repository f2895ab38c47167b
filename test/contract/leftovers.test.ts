// What a Serena leaves behind when it is killed: its real language server, shown as a row of its own, and ended like any zombie.
import { expect, test } from 'vitest'
import { receiptSchema } from '#contract/ending'
import type { Instance } from '#contract/instance'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { guardAll, startLeavingTree } from '../helpers/leaving-tree.ts'
import { isAlive, markTree, parentsByPid, signalProcess } from '../helpers/processes.ts'
import { hasLanguageServer, hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test.skipIf(process.platform !== 'linux')(
  'of a tree with a language server only that one is left over, and it is ended by its own name',
  { timeout: 120_000 },
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const { serena, tree } = await startLeavingTree(scope, home)
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances).toMatchObject([{ pid: serena.pid, processCount: 4 }])
    signalProcess(serena, 'SIGKILL')
    const left = await waitUntil<Instance | undefined>(
      'what it left behind',
      async () => (await backend.call('sweep')).instances.find(({ state }) => state === 'leftover'),
      { timeoutMs: 60_000, everyMs: 500 },
    )
    expect(left).toMatchObject({ title: `left over from shop (pid ${left?.pid})`, processCount: 2 })
    expect(left?.verdict.evidence[0]).toContain('gopls (process')
    // What a tool of it started may be a person's own program.
    expect(tree.filter(isAlive)).toHaveLength(3)
    const { code, stdout } = await runCli(['kill', `pid:${left?.pid}`, '--yes', '--json'], {
      env: backend.env,
    })
    expect([code, receiptSchema.parse(JSON.parse(stdout)).ended[0]]).toMatchObject([0, { processes: 2 }])
    expect(tree.filter(isAlive)).toHaveLength(1)
    const { records } = await backend.call('history', { query: { about: left?.id ?? '' } })
    expect(records.map(({ event, by }) => [event, by])).toEqual([
      ['turned-red', null],
      ['ended', 'command-line'],
    ])
  },
)

test.skipIf(process.platform !== 'linux' || !hasSerena() || !hasLanguageServer())(
  'a TypeScript language server whose Serena was killed is a red row of its own, and ends with all zombies',
  { timeout: 120_000 },
  async () => {
    const { path: project } = await makeTypeScriptProject(scope, 'left-shop')
    const serena = await startSerena(scope, { project })
    const backend = await startBackend(scope, { homes: [serena.serenaHome] })
    await serena.callTool('get_symbols_overview', { relative_path: 'src/greeter.ts' })
    const tree = await waitUntil('the language server', () => {
      const marks = markTree(serena.pid).filter(({ pid }) => pid !== serena.pid)
      return marks.length >= 3 ? marks : null
    })
    guardAll(scope, tree)
    await waitUntil('it to be live', async () => {
      const { instances } = await backend.call('sweep')
      return instances[0]?.state === 'live' && instances[0].processCount >= 4
    })
    // A 2.1.0 asks the kernel to end its language server with it. A stopped one hears that only when it is woken.
    const parents = parentsByPid()
    const server = tree.find(({ pid }) => parents.get(pid) === serena.pid)
    if (!server) throw new Error('no language server')
    signalProcess(server, 'SIGSTOP')
    signalProcess(serena.mark, 'SIGKILL')
    await waitUntil('the Serena to be gone', () => !isAlive(serena.mark))

    const left = await waitUntil<Instance | undefined>(
      'what it left behind',
      async () => (await backend.call('sweep')).instances.find(({ state }) => state === 'leftover'),
      { timeoutMs: 60_000, everyMs: 500 },
    )
    expect(left).toMatchObject({
      pid: server.pid,
      title: `left over from left-shop (pid ${server.pid})`,
      colour: 'red',
      project: { name: 'left-shop' },
      verdict: { certainty: 'certain' },
      sources: ['process'],
    })
    expect(left?.verdict.evidence[0]).toMatch(
      new RegExp(
        `^Its Serena \\(process ${serena.pid}\\) is gone for .+; typescript-language-server \\(process`,
      ),
    )
    expect(left?.memoryBytes).toBeGreaterThan(50e6)
    expect(left?.processCount).toBe(tree.filter(isAlive).length)

    const plan = await backend.call('planEnding', { body: { ids: null } })
    expect(plan.plan).toMatchObject([{ id: left?.id, how: 'terminate', checked: true, refusal: null }])
    const { code, stdout } = await runCli(['kill', '--zombies', '--yes', '--json'], { env: backend.env })
    const receipt = receiptSchema.parse(JSON.parse(stdout))
    expect(receipt).toMatchObject({ ended: [{ id: left?.id }], refused: [], survivors: [] })
    expect(receipt.ended[0]?.processes).toBe(left?.processCount)
    expect([code, tree.filter(isAlive)]).toEqual([0, []])
    expect((await backend.call('instances')).instances).toEqual([])
  },
)
