// `wrap --idle-shutdown-minutes` with real Serenas: one without calls exits with its process tree, a busy one does not.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { guardAll } from '../helpers/leaving-tree.ts'
import { isAlive, markTree } from '../helpers/processes.ts'
import { hasSerena, type RealSerena, startSerena } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerFile } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const LIMIT_MS = 6_000
const FLAG = `--idle-shutdown-minutes=${LIMIT_MS / 60_000}`
const scope = scopePerFile()

describe.skipIf(!hasSerena() || process.platform !== 'linux')('idle shutdown', { concurrent: true }, () => {
  async function start(serenaHome: string, stateFolder: string): Promise<RealSerena> {
    const project = await makeTypeScriptProject(scope)
    const env = { SERENA_DECK_STATE: stateFolder, SERENA_DECK_ONLY_HOMES: serenaHome }
    return startSerena(scope, { wrap: [FLAG], project: project.path, serenaHome, env })
  }
  const sessionOf = async (): Promise<[home: string, state: string]> => [
    await makeSerenaHome(scope),
    await makeTempFolder(scope, 'state'),
  ]
  /** Returns `wrap` and everything below it; killed when the scope ends. */
  function treeOf({ clientPid }: RealSerena): ReturnType<typeof markTree> {
    const tree = markTree(clientPid).filter(({ pid }) => pid !== clientPid)
    guardAll(scope, tree)
    return tree
  }
  /** Runs `act` while a tool call is running, which keeps the instance from being idle. */
  async function duringCall<Result>(serena: RealSerena, act: () => Promise<Result>): Promise<Result> {
    const done = join(serena.serenaHome, 'done')
    const command = `until [ -e '${done}' ]; do sleep 0.1; done`
    const call = serena.callTool('execute_shell_command', { command, session: 'test' })
    try {
      return await act()
    } finally {
      writeFileSync(done, '')
      await call
    }
  }
  const entriesIn = (home: string): string[] =>
    existsSync(join(home, 'instances.d'))
      ? readdirSync(join(home, 'instances.d')).filter((name) => /^\d+-.*\.json$/.test(name))
      : []

  test('shuts down without calls: the tree exits, its entry is removed, and the history names the reason', async () => {
    const [home, stateFolder] = await sessionOf()
    const backend = await startBackend(scope, { homes: [home], stateFolder })
    const serena = await start(home, stateFolder)
    const tree = await duringCall(serena, async () => {
      await waitUntil('its tab', async () => (await backend.call('sweep')).instances[0]?.state === 'live')
      return treeOf(serena)
    })
    expect(tree.length).toBeGreaterThan(3)
    await waitUntil('all to exit', () => !tree.some(isAlive), { timeoutMs: LIMIT_MS + 30_000 })
    expect(entriesIn(home)).toEqual([])
    await waitUntil('no tab', async () => (await backend.call('sweep')).instances.length === 0)
    const { records } = await backend.call('history', { query: { limit: '10' } })
    expect(records.map(({ event, pid, by }) => [event, pid, by])).toEqual([
      ['started', serena.pid, null],
      ['ended', serena.pid, 'idle'],
    ])
    expect(records[1]?.why).toEqual(['No tool was called for 0.1 min.'])
  })

  test('waits for a call that takes longer than the idle time, and returns its answer', async () => {
    const [home, stateFolder] = await sessionOf()
    const serena = await start(home, stateFolder)
    const answer = await serena.callTool('execute_shell_command', {
      command: `sleep ${(LIMIT_MS * 1.5) / 1000}; echo done`,
      session: 'test',
    })
    expect(answer).toContain('done')
    // Each call resets the idle time.
    for (const end = performance.now() + LIMIT_MS * 1.2; performance.now() < end; )
      await serena.callTool('find_file', { file_mask: '*.ts', relative_path: '.', session: 'test' })
    expect(isAlive(serena.mark)).toBe(true)
    // `wrap` exits after it has written the history.
    const tree = treeOf(serena)
    await waitUntil('all to exit', () => !tree.some(isAlive), { timeoutMs: LIMIT_MS + 30_000 })
    const env = { SERENA_DECK_STATE: stateFolder, SERENA_DECK_ONLY_HOMES: home, SERENA_HOME: home }
    const { stdout } = await runCli(['history'], { env })
    expect(stdout).toMatch(
      /: ended after its idle time · Graceful shutdown.* · No tool was called for 0\.1 min\./,
    )
  })
})
