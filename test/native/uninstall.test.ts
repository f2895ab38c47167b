// The window and the desktop: its window class, and a complete removal by uninstall.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { guardProcess, isAlive, markTree, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))

describe.skipIf(why !== null)(`the native window and its desktop${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  test('has the window class of its entry; uninstall closes it and removes everything', async () => {
    const desktop = await startDesktop(scope)
    const home = await makeTempFolder(scope, 'home')
    const env: NodeJS.ProcessEnv = { ...desktop.env, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
    expect(await runCli(['install'], { env })).toMatchObject({ code: 0 })
    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    await desktop.untilTitle(() => true, 'any')
    const tree = markTree(await desktop.windowPid())
    for (const mark of tree) guardProcess(mark)
    scope.add(() => {
      for (const mark of tree) signalProcess(mark, 'SIGKILL')
    })

    const { XDG_DATA_HOME: data = '', XDG_CACHE_HOME: cache = '', XDG_CONFIG_HOME: config = '' } = env
    const [id = ''] = execFileSync('xdotool', ['search', '--onlyvisible', '--name', 'Serena Deck'], {
      env,
      encoding: 'utf8',
    }).split('\n')
    const entry = readFileSync(join(data, 'applications', 'serena-deck.desktop'), 'utf8')
    const wanted = /^StartupWMClass=(.+)$/m.exec(entry)?.[1] ?? ''
    expect(execFileSync('xprop', ['-id', id, 'WM_CLASS'], { env, encoding: 'utf8' })).toContain(`"${wanted}"`)

    expect(await runCli(['uninstall', '--yes'], { env, timeoutMs: 60_000 })).toMatchObject({
      code: 0,
      stderr: '',
    })
    await waitUntil('all its processes to exit', () => tree.every((mark) => !isAlive(mark)))
    expect(existsSync(join(cache, 'serena-deck'))).toBe(false)
    // Empty folders of the desktop may remain: none is ours.
    expect(readdirSync(data).filter((name) => /serena/.test(name))).toEqual([])
    expect(filesIn(data)).toEqual([])
    expect(existsSync(config) ? readdirSync(config).filter((name) => /serena/.test(name)) : []).toEqual([])
    const left = existsSync(desktop.stateFolder) ? readdirSync(desktop.stateFolder) : []
    expect(left.filter((name) => name !== 'window.json')).toEqual([])
  })
})
