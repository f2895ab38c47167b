// Our own settings file: read again after a change, written atomically, and never over the file of a newer version.
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { Notice } from '#contract/instance'
import { NO_OWN_SETTINGS, type OwnSettings, ownSettingsSchema } from '#contract/settings'
import { EXPECTED, OWN_SETTINGS } from '#contract/settings-table'
import { SETTINGS_FILE_VERSION } from '#contract/versions'
import { jsonOfFile } from '../lib/json-value.ts'
import { makePrivate } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { quarantine } from '../os/files/remove-file.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'

const MAX_BYTES = 256 * 1024

export interface SettingsText {
  settings: OwnSettings
  /** The whole content of the file, for writing it back; null: it is not a settings file. */
  raw: Readonly<Record<string, unknown>> | null
  /** Written by a newer version: read, never written. */
  isNewer: boolean
  /** Sentences about values that cannot be used. */
  problems: readonly string[]
}

const EMPTY: SettingsText = { settings: NO_OWN_SETTINGS, raw: {}, isNewer: false, problems: [] }
const fileSchema = z.record(z.string(), z.unknown())

/** Parses the text of our file. Never throws: a value that cannot be used counts as not set, with a problem that says why. */
export function parseOwnSettings(text: string): SettingsText {
  const value = jsonOfFile(text)
  // Incomplete or edited by hand: reported as a problem, and quarantined by the next change.
  if (value === undefined)
    return { ...EMPTY, raw: null, problems: ['It is not valid JSON. All settings have their defaults.'] }
  const parsed = z.safeParse(fileSchema, value)
  if (!parsed.success || Array.isArray(value))
    return { ...EMPTY, raw: null, problems: ['It is not a JSON object. All settings have their defaults.'] }
  const raw = parsed.data
  const problems: string[] = []
  const settings: Record<string, unknown> = { ...NO_OWN_SETTINGS }
  // Each key is checked alone, so an invalid value does not discard the others.
  for (const { key, kind } of OWN_SETTINGS) {
    const checked = z.safeParse(ownSettingsSchema.shape[key], Object.hasOwn(raw, key) ? raw[key] : null)
    if (checked.success) settings[key] = checked.data
    else problems.push(`${key} must be ${EXPECTED[kind]}. The default applies.`)
  }
  const version = raw['schema']
  const isNewer = typeof version === 'number' && version > SETTINGS_FILE_VERSION
  if (isNewer)
    problems.push('It was written by a newer version of Serena Deck: it is read, but cannot be changed.')
  return { settings: settings as OwnSettings, raw, isNewer, problems }
}

export interface OwnSettingsStore {
  readonly file: string
  /** Returns the current settings; cheap while the file is unchanged. */
  current(): OwnSettings
  /** Writes the given keys and keeps the others. AppError `not-written`. */
  change(change: Partial<OwnSettings>): OwnSettings
  notices(): readonly Notice[]
}

/** Creates the settings of that file, which may be missing. */
export function createOwnSettings(file: string): OwnSettingsStore {
  let known: { stamp: string; read: SettingsText } | null = null

  function read(): SettingsText {
    const found = readRegularFile(file, MAX_BYTES)
    if (found.kind === 'missing') return EMPTY
    if (found.kind === 'refused')
      return { ...EMPTY, raw: null, problems: [`It cannot be read: ${found.why}.`] }
    if (found.isCut)
      return { ...EMPTY, raw: null, problems: ['It cannot be read: it is larger than 256 KiB.'] }
    if (known?.stamp === found.stamp) return known.read
    known = { stamp: found.stamp, read: parseOwnSettings(found.text) }
    return known.read
  }

  return {
    file,
    current: () => read().settings,
    change(change) {
      const before = read()
      if (before.isNewer)
        throw new AppError('not-written', { file, issue: 'a newer version of Serena Deck wrote it' })
      const folder = dirname(file)
      const issue = makePrivate(folder)
      if (issue !== null) throw new AppError('folder-unsafe', { path: folder, issue })
      if (before.raw === null) quarantine(file)
      removeStaleParts(folder)
      const settings = { ...before.settings, ...change }
      const text = { ...before.raw, schema: SETTINGS_FILE_VERSION, ...settings }
      writeFileWhole(file, `${JSON.stringify(text, null, 2)}\n`)
      return settings
    },
    notices: () =>
      read().problems.map((problem) => ({
        id: `settings:${problem}`,
        level: 'warning',
        text: `Settings file ${file}: ${problem}`,
      })),
  }
}
