// The secrets that give access to the backend, and which users can read them, with the built product.
import { execFileSync } from 'node:child_process'
import { chownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { asOtherUser, NOBODY, whyNoIsolation } from '../helpers/other-side.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const noIsolation = whyNoIsolation()

/** A browser that records what every user of this machine can see of it. */
async function startVisibleBrowser(): Promise<{ env: NodeJS.ProcessEnv; seen: () => string }> {
  const folder = await makeTempFolder(scope, 'browser')
  const notes = join(folder, 'notes')
  const script = `#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ > '${notes}'\n`
  await writeFile(join(folder, 'xdg-open'), script, { mode: 0o755 })
  const path = [folder, process.env['PATH'] ?? ''].join(delimiter)
  return {
    env: { PATH: path, DISPLAY: ':9999', SERENA_DECK_RUNTIME: '' },
    seen: () => readFileSync(notes, 'latin1'),
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )

const secretsIn = (stateFolder: string): string[] => {
  const { token } = JSON.parse(readFileSync(join(stateFolder, 'backend.json'), 'utf8')) as { token: string }
  const redirects = readdirSync(stateFolder).filter((name) => /^open-.*\.html$/.test(name))
  const nonces = redirects.flatMap(
    (name) => /#([\w-]+)/.exec(readFileSync(join(stateFolder, name), 'utf8'))?.[1] ?? [],
  )
  expect(nonces).toHaveLength(1)
  return [token, ...nonces]
}

test('a token used in an address is stored only in backend.json', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const backend = await startBackend(scope, { homes: [serenaHome] })
  await startTestStandIn(scope, { serenaHome })
  const token = await backend.token()
  for (const [method, path, status] of [
    ['GET', '', 200],
    ['GET', 'api/events', 401],
    ['POST', 'api/sweep', 401],
    ['POST', 'api/instances', 405],
    ['GET', 'nothing', 404],
  ] as const) {
    const response = await fetch(`${backend.url}${path}?token=${token}`, { method })
    expect([path, response.status]).toEqual([path, status])
  }
  const withToken = (): string[] =>
    [backend.stateFolder, serenaHome]
      .flatMap((folder) => filesIn(folder).map((name) => join(folder, name)))
      .filter((file) => readFileSync(file).includes(token))
  await waitUntil('its history', () => filesIn(backend.stateFolder).length > 1)
  expect(withToken()).toEqual([join(backend.stateFolder, 'backend.json')])
  await backend.stop()
  expect(withToken()).toEqual([])
  expect(backend.program.wrote()).not.toContain(token)
})

test('no file of the page holds the token or a nonce', async () => {
  const backend = await startBackend(scope)
  const { openUrl } = await backend.call('openUrl')
  const secrets = [await backend.token(), new URL(openUrl).hash.slice(1)]
  const names = filesIn(join(projectRoot, 'resources', 'app'))
  expect(names).toContain('index.html')
  for (const name of ['', ...names]) {
    const response = await fetch(backend.url + name)
    // That file belongs to the native window, which has its own copy.
    expect([name, response.status]).toEqual([name, name === 'window.html' ? 404 : 200])
    const answer = JSON.stringify([...response.headers]) + (await response.text())
    for (const secret of secrets) expect(answer).not.toContain(secret)
  }
})

test.skipIf(process.platform !== 'linux')(
  'no command line or environment contains the token or a nonce',
  async () => {
    const browser = await startVisibleBrowser()
    const backend = await startBackend(scope, { env: browser.env })
    const { code, stdout } = await runCli(['open', '--browser'], { env: { ...backend.env, ...browser.env } })
    expect(code).toBe(0)
    const places = ['cmdline', 'environ'].map((name) =>
      readFileSync(`/proc/${backend.pid}/${name}`, 'latin1'),
    )
    expect(browser.seen()).toMatch(/xdg-open\0.*open-\w+\.html/)
    for (const secret of secretsIn(backend.stateFolder))
      for (const place of [...places, browser.seen(), stdout]) expect(place).not.toContain(secret)
  },
)

test.runIf(process.getuid?.() === 0)(
  "writes nothing into another user's state folder, and reports what to do",
  async () => {
    const state = await makeTempFolder(scope, 'state')
    chownSync(state, NOBODY, NOBODY)
    const env = { SERENA_DECK_STATE: state, SERENA_DECK_ONLY_HOMES: state, SERENA_HOME: state }
    for (const args of [
      ['serve', '--port', '0'],
      ['open', '--browser'],
    ])
      expect(await runCli(args, { env })).toEqual({
        code: 1,
        stdout: '',
        stderr:
          `The state folder ${state} is not private: it belongs to another user. ` +
          'Restrict it to your user (chown, chmod 700), or set SERENA_DECK_STATE to another folder.\n',
      })
    expect([readdirSync(state), statSync(state).uid]).toEqual([[], NOBODY])
  },
)

test.skipIf(noIsolation !== null)(
  `another user can read neither the port nor the token file${noIsolation === null ? '' : ` (${noIsolation})`}`,
  async () => {
    const backend = await startBackend(scope)
    const [file = '', ...words] = asOtherUser
    const asNobody = (script: string): string =>
      execFileSync(file, [...words, process.execPath, '-e', script], { encoding: 'utf8', cwd: '/' })
    const address = JSON.stringify(`${backend.url}api/instances`)
    expect(asNobody(`fetch(${address}).then(async (r) => console.log(r.status, await r.text()))`)).toMatch(
      /^401 \{"error":/,
    )
    // The permissions of the folder itself must deny access, whatever the parent folders allow.
    for (
      let above = join(backend.stateFolder, '..');
      above !== '/' && above !== '/tmp';
      above = join(above, '..')
    )
      await chmod(above, 0o755)
    const record = JSON.stringify(join(backend.stateFolder, 'backend.json'))
    expect(
      asNobody(
        `try { require('fs').readFileSync(${record}); console.log('read') } catch (e) { console.log(e.code) }`,
      ),
    ).toBe('EACCES\n')
  },
)
