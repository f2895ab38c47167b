// The desktop installation with the built command line, in a home of the test.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { guardProcess, isAlive, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import type { Scope } from '../helpers/scope.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const isLinux = process.platform === 'linux'
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

interface Desk {
  home: string
  env: NodeJS.ProcessEnv
}

/** A home with a space and a quote in its path; the state folder is at its default location. */
async function makeDesk(of: Scope): Promise<Desk> {
  const home = join(await makeTempFolder(of, 'desk'), "Ána's home")
  const serena = join(home, 'serena')
  await mkdir(serena, { recursive: true })
  const env = {
    HOME: home,
    SERENA_HOME: serena,
    SERENA_DECK_ONLY_HOMES: serena,
    SERENA_DECK_STATE: '',
    SERENA_DECK_RUNTIME: '',
    XDG_DATA_HOME: '',
    XDG_CONFIG_HOME: '',
    XDG_CACHE_HOME: '',
    XDG_STATE_HOME: '',
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    BROWSER: '',
  }
  return { home, env }
}

/** Returns the backend that wrote its record into the folder; it is killed when the scope ends. */
function backendOf(state: string): ProcessMark {
  const { pid } = JSON.parse(readFileSync(join(state, 'backend.json'), 'utf8')) as { pid: number }
  const mark = markProcess(pid)
  if (mark === null) throw new Error(`no process ${pid}`)
  guardProcess(mark)
  scope.add(() => void signalProcess(mark, 'SIGTERM'))
  return mark
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

const ICONS = [
  '.local/share/icons/hicolor/256x256/apps/serena-deck.png',
  '.local/share/icons/hicolor/scalable/apps/serena-deck.svg',
]
const ENTRY = '.local/share/applications/serena-deck.desktop'
const AUTOSTART = '.config/autostart/serena-deck.desktop'

describe.skipIf(!isLinux)('on a Linux desktop', () => {
  test('install writes an entry and its icons, and is idempotent', async () => {
    const { home, env } = await makeDesk(scope)
    const { code, stdout } = await runCli(['install'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain(`Written: ${join(home, ENTRY)}\n`)
    expect(filesIn(home)).toEqual([ENTRY, ...ICONS].sort())
    const entry = readFileSync(join(home, ENTRY), 'utf8')
    expect(entry).toContain(process.execPath)
    expect(entry).toContain(`"SERENA_HOME=${join(home, 'serena')}"`)
    expect(statSync(join(home, ENTRY)).mode & 0o777).toBe(0o600)
    expect((await runCli(['install', '--json'], { env })).code).toBe(0)
    expect(readFileSync(join(home, ENTRY), 'utf8')).toBe(entry)
    expect(filesIn(home)).toEqual([ENTRY, ...ICONS].sort())
  })

  test('uses the XDG folders', async () => {
    const { home, env } = await makeDesk(scope)
    const moved = { ...env, XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config') }
    await runCli(['install'], { env: moved })
    await runCli(['autostart', 'on'], { env: moved })
    expect(filesIn(home).filter((file) => file.endsWith('.desktop'))).toEqual([
      'config/autostart/serena-deck.desktop',
      'data/applications/serena-deck.desktop',
    ])
  })

  test.skipIf(!has('desktop-file-validate'))('both entries pass desktop-file-validate', async () => {
    const { home, env } = await makeDesk(scope)
    await runCli(['install'], { env })
    await runCli(['autostart', 'on'], { env })
    for (const file of [ENTRY, AUTOSTART])
      expect(execFileSync('desktop-file-validate', [join(home, file)], { encoding: 'utf8' })).toBe('')
  })

  test('switches autostart on and off, and shows its state', async () => {
    const { home, env } = await makeDesk(scope)
    const autostart = (...args: string[]): ReturnType<typeof runCli> =>
      runCli(['autostart', ...args], { env })
    expect(await autostart('status')).toEqual({
      code: 0,
      stdout: 'Serena Deck does not start at login.\n',
      stderr: '',
    })
    expect(await autostart('on')).toMatchObject({ code: 0, stdout: 'Serena Deck starts hidden at login.\n' })
    expect(readFileSync(join(home, AUTOSTART), 'utf8')).toMatch(/^Exec=.* "open" "--hidden"$/m)
    expect(JSON.parse((await autostart('status', '--json')).stdout)).toEqual({ schema: 1, autostart: true })
    // As the GNOME settings turn it off.
    const entry = readFileSync(join(home, AUTOSTART), 'utf8')
    await writeFile(join(home, AUTOSTART), entry.replace('enabled=true', 'enabled=false'))
    expect((await autostart('status')).stdout).toBe('Serena Deck does not start at login.\n')
    expect((await autostart('off')).code).toBe(0)
    expect(filesIn(home)).toEqual([])
    expect((await autostart('off')).code).toBe(3)
    expect((await autostart('sometimes')).code).toBe(2)
  })

  test('service writes a unit that systemd would start at login', async () => {
    const { home, env } = await makeDesk(scope)
    // The systemd of the user cannot be reached from here.
    const away = {
      ...env,
      XDG_RUNTIME_DIR: join(home, 'none'),
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    }
    const service = (...args: string[]): ReturnType<typeof runCli> =>
      runCli(['service', ...args], { env: away })
    expect((await service('uninstall')).code).toBe(3)
    const { code, stdout, stderr } = await service('install')
    expect([code, stdout]).toEqual([0, 'The service is installed.\nThe backend is not running.\n'])
    expect(stderr).toContain('Takes effect at the next login: systemctl --user ')
    const unit = join(home, '.config', 'systemd', 'user', 'serena-deck.service')
    const wanted = join(home, '.config', 'systemd', 'user', 'default.target.wants', 'serena-deck.service')
    expect(readlinkSync(wanted)).toBe(unit)
    const text = readFileSync(unit, 'utf8')
    expect(text).toContain(`ExecStart="${process.execPath}" `)
    expect(JSON.parse((await service('status', '--json')).stdout)).toEqual({
      schema: 1,
      service: { installed: true, runningPid: null },
    })
    expect((await runCli(['uninstall', '--yes'], { env: away })).code).toBe(0)
    expect(filesIn(home)).toEqual([])
    expect((await service('sometimes')).code).toBe(2)
  })

  test('reports a file that blocks the folder', async () => {
    const { home, env } = await makeDesk(scope)
    await writeFile(join(home, '.config'), 'a file')
    const { code, stderr } = await runCli(['autostart', 'on'], { env })
    expect(code).toBe(1)
    expect(stderr).toContain(`Cannot change ${join(home, AUTOSTART)}: `)
  })

  test('replaces a link at the path of the entry without writing through it', async () => {
    const { home, env } = await makeDesk(scope)
    const precious = join(home, 'precious')
    await writeFile(precious, 'precious')
    await mkdir(join(home, '.config', 'autostart'), { recursive: true })
    execFileSync('ln', ['-s', precious, join(home, AUTOSTART)])
    expect((await runCli(['autostart', 'on'], { env })).code).toBe(0)
    expect(readFileSync(precious, 'utf8')).toBe('precious')
  })

  test('uninstall asks first, stops the backend and restores the home', async () => {
    const { home, env } = await makeDesk(scope)
    await writeFile(join(home, 'mine'), 'mine')
    await runCli(['install'], { env })
    await runCli(['autostart', 'on'], { env })
    const runtime = join(home, '.cache', 'serena-deck', 'neutralino', '6.9.0')
    await mkdir(runtime, { recursive: true })
    await writeFile(join(runtime, 'neutralino-linux_x64'), 'program')
    expect((await runCli(['open', '--hidden', '--port', '0'], { env })).code).toBe(0)
    const state = join(home, '.local', 'state', 'serena-deck')
    const backend = backendOf(state)
    await mkdir(join(state, 'backups'))
    await writeFile(join(state, 'backups', 'serena_config.yml.1'), 'mine')

    const unasked = await runCli(['uninstall'], { env })
    expect(unasked).toMatchObject({ code: 2, stdout: '' })
    expect(isAlive(backend)).toBe(true)

    const { code, stdout } = await runCli(['uninstall', '--yes'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain(`Removed: ${join(home, ENTRY)}\n`)
    expect(stdout).toContain(`Kept: ${join(state, 'backups')}\n`)
    await waitUntil('the backend has ended', () => !isAlive(backend))
    expect(filesIn(home)).toEqual(['.local/state/serena-deck/backups/serena_config.yml.1', 'mine'])
    expect(existsSync(join(home, '.cache', 'serena-deck'))).toBe(false)
    expect(await runCli(['uninstall', '--yes'], { env })).toMatchObject({ code: 3 })
  })

  test('removes only own files from a custom state folder', async () => {
    const { home, env } = await makeDesk(scope)
    const state = join(home, 'chosen')
    await mkdir(state)
    await writeFile(join(state, 'thesis.txt'), 'mine')
    await writeFile(join(state, 'serve.log'), 'a log')
    const { code } = await runCli(['uninstall', '--yes'], { env: { ...env, SERENA_DECK_STATE: state } })
    expect([code, filesIn(home)]).toEqual([0, ['chosen/thesis.txt']])
  })

  test.skipIf(!has('gio'))('GLib starts it from the installed entry', async () => {
    const { home, env } = await makeDesk(scope)
    const state = join(home, 'a "state" of $HOME at 100%')
    await runCli(['install'], { env: { ...env, SERENA_DECK_STATE: state } })
    const entry = join(home, ENTRY)
    // A different port than the user's own.
    const text = readFileSync(entry, 'utf8')
    await writeFile(entry, text.replace('"open"', '"open" "--hidden" "--port" "0"'), { mode: 0o755 })
    const { PATH } = process.env
    execFileSync('gio', ['launch', entry], { env: { PATH, HOME: home } })
    const record = join(state, 'backend.json')
    await waitUntil('the backend runs', () => existsSync(record))
    const backend = backendOf(state)
    signalProcess(backend, 'SIGTERM')
    await waitUntil('the backend has ended', () => !isAlive(backend))
  })
})
