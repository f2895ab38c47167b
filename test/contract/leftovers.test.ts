// Processes left behind by a killed Serena: its real language server is shown as its own row, and is ended like any zombie.
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
  'only the language server of a tree counts as left over, and it is ended by its own name',
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const { serena, tree } = await startLeavingTree(scope, home)
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances).toMatchObject([{ pid: serena.pid, processCount: 4 }])
    signalProcess(serena, 'SIGKILL')
    const left = await waitUntil<Instance | undefined>(
      'the leftover process',
      async () => (await backend.call('sweep')).instances.find(({ state }) => state === 'leftover'),
      { timeoutMs: 60_000, everyMs: 500 },
    )
    expect(left).toMatchObject({ title: `left over from shop (pid ${left?.pid})`, processCount: 2 })
    expect(left?.verdict.evidence[0]).toContain('gopls (process')
    // A program started by one of its tools may be the user's own.
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
  'a TypeScript language server of a killed Serena is its own red row, and is ended with all zombies',
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
    // Serena 2.1.0 makes the kernel signal its language server on exit. A stopped one receives that signal only when it continues.
    // The server has children; Serena's other children (such as a version check) have none.
    const parents = parentsByPid()
    const parentPids = new Set(parents.values())
    const server = tree.find(({ pid }) => parents.get(pid) === serena.pid && parentPids.has(pid))
    if (!server) throw new Error('no language server')
    signalProcess(server, 'SIGSTOP')
    signalProcess(serena.mark, 'SIGKILL')
    await waitUntil('the Serena to exit', () => !isAlive(serena.mark))

    const left = await waitUntil<Instance | undefined>(
      'the leftover process',
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
        `^Its Serena \\(process ${serena.pid}\\) exited .+ ago; typescript-language-server \\(process`,
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
