// A login to a real desktop session (Xvfb, openbox, XDG autostart) starts Serena Deck hidden.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { guardProcess, isAlive, markProcess, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const has = (program: string): boolean => spawnSync('which', [program]).status === 0
const missing = ['Xvfb', 'openbox-session', 'xprop'].filter((program) => !has(program))
/** XDG autostart: openbox's own script needs PyXDG in the system's Python; without it the test uses GLib. */
const hasPyXdg = spawnSync('/usr/bin/python3', ['-c', 'import xdg']).status === 0
if (!hasPyXdg && !has('gio')) missing.push('python3-xdg or gio')

/** Starts a program with exactly this environment; it is killed when the scope ends. */
function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, [...args], { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const mark = child.pid === undefined ? null : markProcess(child.pid)
  if (mark === null) throw new Error(`${program} could not be started`)
  guardProcess(mark)
  scope.add(async () => {
    signalProcess(mark, 'SIGTERM')
    await waitUntil(`${program} has ended`, () => !isAlive(mark))
  })
  return child
}

/** Writes the autostart program that openbox runs first: it starts each entry of the user's autostart with GLib. */
async function writeGlibAutostart(folder: string): Promise<void> {
  const text = '#!/bin/sh\nfor entry in "$HOME"/.config/autostart/*.desktop; do gio launch "$entry"; done\n'
  await writeFile(join(folder, 'xdg-autostart'), text, { mode: 0o755 })
}

test.skipIf(missing.length > 0)(
  `a login starts Serena Deck hidden${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  async () => {
    const home = join(await makeTempFolder(scope, 'login'), "Ána's home")
    const empty = join(home, 'nothing')
    const serena = join(home, 'serena')
    for (const folder of [empty, serena]) await mkdir(folder, { recursive: true })
    const state = join(home, 'state')
    const deckVariables = { SERENA_HOME: serena, SERENA_DECK_ONLY_HOMES: serena, SERENA_DECK_STATE: state }
    const nowhere = { XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', XDG_CACHE_HOME: '', XDG_STATE_HOME: '' }
    expect(
      (await runCli(['autostart', 'on'], { env: { ...deckVariables, ...nowhere, HOME: home } })).code,
    ).toBe(0)
    const entry = join(home, '.config', 'autostart', 'serena-deck.desktop')
    // A different port than the user's own.
    const text = readFileSync(entry, 'utf8')
    await writeFile(entry, text.replace('"--hidden"', '"--hidden" "--port" "0"'))

    // As a display manager starts it: the PATH of the system, no variables of this terminal, no system autostart entries.
    const programs = await makeTempFolder(scope, 'programs')
    if (!hasPyXdg) await writeGlibAutostart(programs)
    const session: NodeJS.ProcessEnv = {
      HOME: home,
      PATH: `${programs}:/usr/bin:/bin`,
      XDG_CONFIG_DIRS: empty,
      XDG_RUNTIME_DIR: empty,
    }
    const display = start(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'],
      session,
    )
    let number = ''
    display.stdio[3]?.on('data', (chunk: Buffer) => {
      number += chunk.toString()
    })
    await waitUntil('a display', () => number.includes('\n'))
    session['DISPLAY'] = `:${number.trim()}`
    start('openbox-session', [], session)

    const record = join(state, 'backend.json')
    await waitUntil('Serena Deck runs', () => existsSync(record), { timeoutMs: 60_000 })
    const { pid } = JSON.parse(readFileSync(record, 'utf8')) as { pid: number }
    const backend = markProcess(pid)
    if (backend === null) throw new Error('the backend has ended')
    guardProcess(backend)
    scope.add(async () => {
      signalProcess(backend, 'SIGTERM')
      await waitUntil('the backend has ended', () => !isAlive(backend))
    })
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    expect(variables).toEqual(
      expect.arrayContaining([`SERENA_HOME=${serena}`, `DISPLAY=${session['DISPLAY']}`]),
    )
    const windows = execFileSync('xprop', ['-root', '_NET_CLIENT_LIST'], { env: session, encoding: 'utf8' })
    expect(windows).toMatch(/window id #\s*$/)
  },
)
