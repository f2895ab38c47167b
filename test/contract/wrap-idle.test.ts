// `wrap --idle-shutdown-minutes` with real Serenas: one that nobody calls ends with all that it started, one that works does not.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { guardAll } from '../helpers/leaving-tree.ts'
import { isAlive, markTree } from '../helpers/processes.ts'
import { hasSerena, type RealSerena, startSerena } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const LIMIT_MS = 6_000
const FLAG = `--idle-shutdown-minutes=${LIMIT_MS / 60_000}`
const scope = scopePerTest()

describe.skipIf(!hasSerena() || process.platform !== 'linux')('idle shutdown', () => {
  async function start(serenaHome: string, stateFolder: string): Promise<RealSerena> {
    const project = await makeTypeScriptProject(scope)
    const env = { SERENA_DECK_STATE: stateFolder, SERENA_DECK_ONLY_HOMES: serenaHome }
    return startSerena(scope, { wrap: [FLAG], project: project.path, serenaHome, env })
  }
  const sessionOf = async (): Promise<[home: string, state: string]> => [
    await makeSerenaHome(scope),
    await makeTempFolder(scope, 'state'),
  ]
  const entriesIn = (home: string): string[] =>
    existsSync(join(home, 'instances.d'))
      ? readdirSync(join(home, 'instances.d')).filter((name) => /^\d+-.*\.json$/.test(name))
      : []

  test('nobody calls: all of it ends, its entry goes, and a backend beside it knows whose deed it was', async () => {
    const [home, stateFolder] = await sessionOf()
    const backend = await startBackend(scope, { homes: [home], stateFolder })
    const serena = await start(home, stateFolder)
    await serena.callTool('find_symbol', { name_path_pattern: 'Greeter', session: 'test' })
    await waitUntil('its tab', async () => (await backend.call('sweep')).instances[0]?.state === 'live')
    const tree = markTree(serena.clientPid).filter(({ pid }) => pid !== serena.clientPid)
    guardAll(scope, tree)
    expect(tree.length).toBeGreaterThan(3)
    await waitUntil('all to be gone', () => !tree.some(isAlive), { timeoutMs: LIMIT_MS + 15_000 })
    expect(entriesIn(home)).toEqual([])
    await waitUntil('no tab', async () => (await backend.call('sweep')).instances.length === 0)
    const { records } = await backend.call('history', { query: { limit: '10' } })
    expect(records.map(({ event, pid, by }) => [event, pid, by])).toEqual([
      ['started', serena.pid, null],
      ['ended', serena.pid, 'idle'],
    ])
    expect(records[1]?.why).toEqual(['No tool was called for 0.1 min.'])
  }, 60_000)

  test('a call that takes longer than the idle time is waited for, and its answer comes', async () => {
    const [home, stateFolder] = await sessionOf()
    const serena = await start(home, stateFolder)
    const answer = await serena.callTool('execute_shell_command', {
      command: `sleep ${(LIMIT_MS * 1.5) / 1000}; echo done`,
      session: 'test',
    })
    expect(answer).toContain('done')
    // Each call begins the time anew.
    await sleep(LIMIT_MS * 0.6)
    await serena.callTool('find_file', { file_mask: '*.ts', relative_path: '.', session: 'test' })
    await sleep(LIMIT_MS * 0.6)
    expect(isAlive(serena.mark)).toBe(true)
    await waitUntil('its end', () => !isAlive(serena.mark), { timeoutMs: LIMIT_MS + 15_000 })
    const env = { SERENA_DECK_STATE: stateFolder, SERENA_DECK_ONLY_HOMES: home, SERENA_HOME: home }
    const { stdout } = await runCli(['history'], { env })
    expect(stdout).toMatch(/ended .* shut itself down by its idle time · No tool was called for 0\.1 min\./)
  }, 90_000)
})
