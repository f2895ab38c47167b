// Where the settings of the URL come from, and which source counts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readHttpSettings } from './http-settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-http-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const own = (settings: object) => writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings))
const home = (text: string) => writeFileSync(join(folder, 'serena_config.yml'), text)
const read = (words: readonly string[] = [], env: Record<string, string> = {}) =>
  readHttpSettings(words, { SERENA_HOME: folder, SERENA_DECK_STATE: folder, HOME: folder, ...env })

it('is off, with a port of its own, while nothing is set', async () => {
  expect(await read()).toEqual({ isOn: false, port: 25_283, serenaCommand: null })
})

it('is on by a flag, by a variable, by the home or by our own settings, in this order', async () => {
  own({ hubHttp: true, hubHttpPort: 25_300, hubSerenaCommand: 'own serena' })
  expect(await read()).toEqual({ isOn: true, port: 25_300, serenaCommand: 'own serena' })
  home('hub_http: false\nhub_serena_command: /opt/serena/bin/serena start-mcp-server\n')
  const command = '/opt/serena/bin/serena start-mcp-server'
  expect(await read()).toEqual({ isOn: false, port: 25_300, serenaCommand: command })
  expect((await read([], { SERENA_DECK_HUB_HTTP: '1' })).isOn).toBe(true)
  expect((await read(['--http'], { SERENA_DECK_HUB_HTTP: '0' })).isOn).toBe(true)
  expect((await read([], { SERENA_DECK_HUB_HTTP_PORT: '0' })).port).toBe(0)
})

it('ignores values that cannot be used', async () => {
  own({ hubHttp: 'yes', hubHttpPort: 70_000, hubSerenaCommand: '' })
  home('hub_http: maybe\n')
  expect(await read([], { SERENA_DECK_HUB_HTTP: 'on', SERENA_DECK_HUB_HTTP_PORT: 'x' })).toEqual({
    isOn: false,
    port: 25_283,
    serenaCommand: null,
  })
})
