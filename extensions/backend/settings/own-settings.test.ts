// Our settings file: missing, edited by hand, broken, newer, planted.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NO_OWN_SETTINGS } from '#contract/settings'
import { createOwnSettings, parseOwnSettings } from './own-settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const file = () => join(folder, 'config', 'settings.json')
const store = () => createOwnSettings(file())

it('sets nothing while it is missing, and the first change creates it with mode 600', () => {
  const settings = store()
  expect(settings.current()).toEqual(NO_OWN_SETTINGS)
  expect(settings.notices()).toEqual([])
  settings.change({ openOnLaunch: true })
  expect(store().current()).toEqual({ ...NO_OWN_SETTINGS, openOnLaunch: true })
  expect([statSync(file()).mode & 0o777, statSync(join(file(), '..')).mode & 0o777]).toEqual([0o600, 0o700])
})

it('keeps unknown keys, reads edits by hand, and reports invalid values', () => {
  const settings = store()
  settings.change({ port: 25_300 })
  writeFileSync(file(), JSON.stringify({ schema: 1, port: 'x', receivePush: true, later: { a: 1 } }))
  expect(settings.current()).toEqual({ ...NO_OWN_SETTINGS, receivePush: true })
  expect(settings.notices().map(({ text }) => text)).toEqual([
    `Settings file ${file()}: port must be a port from 1 to 65535. The default applies.`,
  ])
  settings.change({ port: 25_301 })
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
    port: 25_301,
    receivePush: true,
    later: { a: 1 },
  })
  expect(settings.notices()).toEqual([])
})

it.each(['', '{', '[]', '"x"', '\0\0', '[{"port":1}]'])(
  '%j sets nothing and is quarantined by a change',
  (text) => {
    store().change({})
    writeFileSync(file(), text)
    const settings = store()
    expect(settings.current()).toEqual(NO_OWN_SETTINGS)
    expect(settings.notices()).toHaveLength(1)
    settings.change({ receivePush: false })
    expect(settings.current().receivePush).toBe(false)
    expect(readFileSync(join(file(), '..', '.settings.json.broken'), 'utf8')).toBe(text)
  },
)

it('is read, but not written, when a newer version has written it', () => {
  store().change({})
  const text = JSON.stringify({ schema: 99, port: 25_300 })
  writeFileSync(file(), text)
  expect(store().current().port).toBe(25_300)
  expect(store().notices()[0]?.text).toContain('newer version')
  expect(() => store().change({ port: 1 })).toThrowError(/newer version/)
  expect(readFileSync(file(), 'utf8')).toBe(text)
})

it('follows no link and does not block on a FIFO', () => {
  store().change({})
  const victim = join(folder, 'victim')
  writeFileSync(victim, '{"port":1}')
  rmSync(file())
  symlinkSync(victim, file())
  expect(store().current().port).toBeNull()
  store().change({ port: 2 })
  expect(readFileSync(victim, 'utf8')).toBe('{"port":1}')
  rmSync(file())
  execFileSync('mkfifo', [file()])
  expect(store().current().port).toBeNull()
  store().change({ port: 3 })
  expect(store().current().port).toBe(3)
  expect(readdirSync(join(file(), '..')).filter((name) => name.endsWith('.part'))).toEqual([])
})

it('never throws, and every problem is a sentence', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.dictionary(fc.constantFrom('schema', 'port', 'receivePush'), fc.anything()).map((value) => {
          try {
            return JSON.stringify(value) ?? ''
          } catch {
            // A bigint cannot be written as JSON.
            return ''
          }
        }),
      ),
      (text) => {
        for (const problem of parseOwnSettings(text).problems) expect(problem).toMatch(/^[A-Za-z].*\.$/)
      },
    ),
  )
})
