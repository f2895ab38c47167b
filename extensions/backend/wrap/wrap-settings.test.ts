// What `wrap` goes by: flags, else the home's file, by its plain lines or by the parser.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FullReader, readWrapSettings } from './wrap-settings.ts'

const NO_FLAGS = { isGlobal: null, opensOnLaunch: null, globalPort: null, idleShutdownMinutes: null }
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'serena-deck-wrap-settings-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const write = (text: string): void => writeFileSync(join(home, 'serena_config.yml'), text)
const never: FullReader = () => Promise.reject(new Error('the parser was not needed'))

it('sets nothing without a file', async () => {
  expect(await readWrapSettings(NO_FLAGS, home, never)).toEqual({
    isGlobal: false,
    opensOnLaunch: false,
    globalPort: null,
    idleShutdownMinutes: null,
    problems: [],
  })
})

it('reads plain lines without the parser; a flag overrides them', async () => {
  write(
    '# settings\nprojects:\n- /srv/a: b\nweb_dashboard_global: true # yes\nweb_dashboard_global_port: 4711\nidle_shutdown_minutes: 1.5\n',
  )
  expect(await readWrapSettings({ ...NO_FLAGS, globalPort: 5 }, home, never)).toMatchObject({
    isGlobal: true,
    globalPort: 5,
    idleShutdownMinutes: 1.5,
  })
})

it.each([
  'web_dashboard_global: yes\n',
  '{web_dashboard_global: true}\n',
  'web_dashboard_global: true\nweb_dashboard_global: false\n',
  'web_dashboard_global_port: 99999\n',
  'idle_shutdown_minutes: 0\n',
  '? web_dashboard_global\n: true\n',
  'text: |\n  a\n"web_dashboard_global": true\n',
])('%j is left to the parser', async (text) => {
  write(text)
  const flags = { ...NO_FLAGS, isGlobal: true }
  const read = await readWrapSettings(NO_FLAGS, home, () => Promise.resolve({ flags, problems: ['said'] }))
  expect(read).toMatchObject({ isGlobal: true, problems: ['said'] })
})
