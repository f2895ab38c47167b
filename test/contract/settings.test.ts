// The settings through the public interface: the source of each value, changes after a diff, effective without a restart.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { freePort, hasSerena, startSerena } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const SECRET = '0123456789abcdef'
const TEXT = `# mine\nlanguage_backend: LSP\n\n# opens at each start?\nweb_dashboard_open_on_launch:  # undecided\nauth_secret: ${SECRET}\nprojects: []\n`

async function backendWith(text: string | null) {
  const home = await makeSerenaHome(scope)
  const file = join(home, 'serena_config.yml')
  if (text !== null) writeFileSync(file, text, { mode: 0o640 })
  // The user's own clients are not read.
  const userHome = await makeTempFolder(scope, 'user')
  const env = {
    HOME: userHome,
    XDG_CONFIG_HOME: join(userHome, '.config'),
    SERENA_DECK_TRAY_PORT: String(await freePort()),
  }
  const backend = await startBackend(scope, { homes: [home], env })
  await backend.call('sweep')
  return { home, file, backend, userHome }
}

const settingOf = async (backend: TestBackend, key: string) =>
  (await backend.call('settings')).homes[0]?.settings.find((one) => one.key === key)

/** Requests the diff, then saves the change that was shown. */
async function saveHome(
  backend: TestBackend,
  serenaHome: string,
  change: Record<string, boolean | number | string | null>,
) {
  const { etag, hash, diff } = await backend.call('previewHomeSettings', { body: { serenaHome, change } })
  await backend.call('saveHomeSettings', { body: { serenaHome, change, etag, hash } })
  return diff
}

describe('settings of a home', () => {
  test('stops the pop-ups by changing one line after a diff, and keeps comments, secrets and a backup', async () => {
    const { home, file, backend } = await backendWith(TEXT)
    expect(await settingOf(backend, 'web_dashboard_open_on_launch')).toMatchObject({
      value: null,
      source: 'default',
    })
    const diff = await saveHome(backend, home, { web_dashboard_open_on_launch: false })
    expect(diff.filter((line) => !line.startsWith(' '))).toEqual([
      '-web_dashboard_open_on_launch:  # undecided',
      '+web_dashboard_open_on_launch: false  # undecided',
    ])
    expect(diff.join('\n')).not.toContain(SECRET)
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('on_launch:  #', 'on_launch: false  #'))
    expect(statSync(file).mode & 0o777).toBe(0o640)
    const backups = join(backend.stateFolder, 'backups')
    const [copy = ''] = readdirSync(backups)
    expect(readFileSync(join(backups, copy), 'utf8')).toBe(TEXT)
    expect(statSync(join(backups, copy)).mode & 0o777).toBe(0o600)
    expect(await settingOf(backend, 'web_dashboard_open_on_launch')).toMatchObject({
      value: false,
      source: 'home',
    })
  })

  test('writes only the change that was shown, and only to an unchanged file', async () => {
    const { home, file, backend } = await backendWith(TEXT)
    const change = { web_dashboard_global: true }
    const body = { serenaHome: home, change }
    const { etag, hash } = await backend.call('previewHomeSettings', { body })
    const save = (more: object) =>
      backend.call('saveHomeSettings', { body: { ...body, etag, hash, ...more } })
    await expect(save({ change: { web_dashboard_global: false } })).rejects.toThrowError(/428/)
    await expect(save({ hash: 'x' })).rejects.toThrowError(/428/)
    writeFileSync(file, `${TEXT}# theirs\n`)
    await expect(save({})).rejects.toThrowError(/412/)
    expect(readFileSync(file, 'utf8')).toBe(`${TEXT}# theirs\n`)
  })

  test('reports unusable and missing settings', async () => {
    const { home, backend, file } = await backendWith(TEXT)
    const preview = (change: Record<string, number | string>) =>
      backend.call('previewHomeSettings', { body: { serenaHome: home, change } })
    expect((await preview({ idle_shutdown_minutes: 0 })).problem).toContain('above 0')
    expect((await preview({ zombie_prune_minutes: '.inf' })).problem).toBeNull()
    await expect(
      backend.call('previewHomeSettings', { body: { serenaHome: '/etc', change: {} } }),
    ).rejects.toThrowError(/404/)
    const body = { serenaHome: home, change: { auth_secret: 'x' } } as never
    await expect(backend.call('previewHomeSettings', { body })).rejects.toThrowError(/400/)
    writeFileSync(file, '{a: 1}\n')
    await expect(preview({ idle_shutdown_minutes: 1 })).rejects.toThrowError(/409/)
  })

  test.each([
    ['300,000 keys', () => Array.from({ length: 300_000 }, (_, i) => `key_${i}: ${i}`).join('\n')],
    ['a value of 10 MB', () => `key: "${'x'.repeat(10_000_000)}"`],
  ])('shows the settings of a file with %s unread, with a notice', async (_, more) => {
    const { backend } = await backendWith(`${TEXT}${more()}\n`)
    await backend.token()
    const { homes } = await backend.call('settings')
    expect(homes[0]?.problems).toEqual(['It is ignored: it is larger than 256 KiB.'])
  })

  test('refuses a world-writable home and a file that is a link', async () => {
    const { home, file, backend } = await backendWith(TEXT)
    chmodSync(home, 0o777)
    await expect(saveHome(backend, home, { web_dashboard_global: true })).rejects.toThrowError(/all users/)
    chmodSync(home, 0o700)
    const other = await backendWith(null)
    symlinkSync(file, other.file)
    await expect(saveHome(other.backend, other.home, { web_dashboard_global: true })).rejects.toThrowError(
      /link/,
    )
    expect((await other.backend.call('settings')).homes[0]?.problems.join()).toContain('link')
    expect(readFileSync(file, 'utf8')).toBe(TEXT)
  })

  test.skipIf(!hasSerena())('adds one line to the file of a real Serena, which starts with it', async () => {
    const { home, file, backend } = await backendWith(null)
    expect((await backend.call('settings')).homes).toMatchObject([{ exists: false }])
    await expect(saveHome(backend, home, { web_dashboard_global: true })).rejects.toThrowError(/first start/)
    const first = await startSerena(scope, { serenaHome: home })
    await first.close()
    const before = readFileSync(file, 'utf8').split('\n')
    await saveHome(backend, home, { web_dashboard_open_on_launch: false, web_dashboard_global: true })
    const after = readFileSync(file, 'utf8').split('\n')
    expect(after.filter((line) => !before.includes(line))).toEqual([
      'web_dashboard_open_on_launch: false',
      'web_dashboard_global: true',
    ])
    const second = await startSerena(scope, { serenaHome: home })
    await second.dashboardPort()
    expect(await settingOf(backend, 'web_dashboard_global')).toMatchObject({ value: true, source: 'home' })
  })
})

describe('own settings', () => {
  test('apply where the home has no value, and take effect immediately', async () => {
    const { backend, home } = await backendWith(TEXT)
    const file = join(backend.stateFolder, 'settings.json')
    expect((await backend.call('settings')).push.state).toBe('off')
    const view = await backend.call('changeOwnSettings', { body: { openOnLaunch: true, receivePush: true } })
    expect(view.push.state).toBe('listening')
    expect(await settingOf(backend, 'web_dashboard_global_open_on_launch')).toMatchObject({
      value: true,
      source: 'own',
    })
    await saveHome(backend, home, { web_dashboard_global_open_on_launch: false })
    expect(await settingOf(backend, 'web_dashboard_global_open_on_launch')).toMatchObject({
      value: false,
      source: 'home',
    })
    expect([statSync(file).mode & 0o777, JSON.parse(readFileSync(file, 'utf8'))]).toEqual([
      0o600,
      {
        schema: 1,
        receivePush: true,
        openOnLaunch: true,
        port: null,
        publishRegistry: null,
        keepsWatching: null,
        hubHttp: null,
        hubHttpPort: null,
        hubSerenaCommand: null,
      },
    ])
    expect((await backend.call('changeOwnSettings', { body: { receivePush: null } })).push.state).toBe('off')
    await expect(backend.call('changeOwnSettings', { body: { port: 70_000 } })).rejects.toThrowError(/400/)
  })

  test('a broken file is a notice and changes nothing else', async () => {
    const { backend } = await backendWith(TEXT)
    writeFileSync(join(backend.stateFolder, 'settings.json'), '{')
    // Without native calls another notice may be shown as well.
    await waitUntil('the notice', async () => {
      const { notices } = await backend.call('sweep')
      return notices.some(({ text }) => text.includes('settings.json: It is not valid JSON'))
    })
  })

  test('serves the page on the port of the home, else on the port of the own setting', async () => {
    const home = await makeSerenaHome(scope)
    const stateFolder = await makeTempFolder(scope, 'state')
    const [ours, theirs] = [await freePort(), await freePort()]
    writeFileSync(join(stateFolder, 'settings.json'), JSON.stringify({ schema: 1, port: ours }))
    const start = async () => {
      const backend = await startBackend(scope, { homes: [home], stateFolder, port: null })
      await backend.stop()
      return Number(new URL(backend.url).port)
    }
    expect(await start()).toBe(ours)
    writeFileSync(join(home, 'serena_config.yml'), `web_dashboard_global_port: ${theirs}\n`)
    expect(await start()).toBe(theirs)
  })
})

test('lists clients that force a pop-up, without other contents of their files', async () => {
  const { backend, userHome } = await backendWith(TEXT)
  mkdirSync(join(userHome, '.cursor'))
  const file = join(userHome, '.cursor', 'mcp.json')
  const server = {
    command: 'uvx',
    args: ['serena', 'start-mcp-server', '--open-web-dashboard', 'true'],
    env: { KEY: SECRET },
  }
  writeFileSync(file, JSON.stringify({ mcpServers: { serena: server } }))
  const view = await backend.call('settings')
  expect(view.clientFlags).toEqual([
    { client: 'Cursor', file, flag: '--open-web-dashboard true', effect: 'opens' },
  ])
  expect(JSON.stringify(view)).not.toContain(SECRET)
  expect(existsSync(join(userHome, '.config'))).toBe(false)
})
