// Our own settings file: read again when it changed, written whole or not at all, and never over what a newer version wrote.
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { Notice } from '#contract/instance'
import { NO_OWN_SETTINGS, OWN_KEYS, type OwnSettings, SETTINGS_VERSION } from '#contract/settings'
import { readRegularFile } from '../../lib/read-file.ts'
import { makePrivate } from '../../os/private-folder.ts'
import { setAside } from '../../os/remove-file.ts'
import { sweepParts, writeFileWhole } from '../../os/write-file.ts'

const MAX_BYTES = 256 * 1024

export interface SettingsText {
  settings: OwnSettings
  /** Everything that stands in the file, for writing it back; null: it is no settings file. */
  raw: Readonly<Record<string, unknown>> | null
  /** A newer version wrote it: read and never written. */
  isNewer: boolean
  /** Sentences about what cannot be used. */
  problems: readonly string[]
}

const EMPTY: SettingsText = { settings: NO_OWN_SETTINGS, raw: {}, isNewer: false, problems: [] }
const fileSchema = z.record(z.string(), z.unknown())

/** What stands in the text of our file. Never throws; what cannot be used counts as not set, with a sentence. */
export function parseOwnSettings(text: string): SettingsText {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    // Torn or edited by hand: the sentence says so, and a save sets it aside.
    return { ...EMPTY, raw: null, problems: ['It is not JSON: every setting counts as not set.'] }
  }
  const parsed = z.safeParse(fileSchema, value)
  if (!parsed.success || Array.isArray(value))
    return { ...EMPTY, raw: null, problems: ['It is no list of settings: every one counts as not set.'] }
  const raw = parsed.data
  const problems: string[] = []
  const read = <Key extends keyof OwnSettings>(key: Key): OwnSettings[Key] => {
    const { schema, wanted } = OWN_KEYS[key]
    const found = Object.hasOwn(raw, key) ? raw[key] : null
    const checked = z.safeParse(schema, found)
    if (checked.success) return checked.data as OwnSettings[Key]
    problems.push(`${key} must be ${wanted}: it counts as not set.`)
    return null as OwnSettings[Key]
  }
  const settings: OwnSettings = {
    receivePush: read('receivePush'),
    openOnLaunch: read('openOnLaunch'),
    port: read('port'),
    publishRegistry: read('publishRegistry'),
    keepsWatching: read('keepsWatching'),
  }
  const version = raw['schema']
  const isNewer = typeof version === 'number' && version > SETTINGS_VERSION
  if (isNewer) problems.push('A newer version of Serena Deck wrote it: it is read, and not changed.')
  return { settings, raw, isNewer, problems }
}

export interface OwnSettingsStore {
  readonly file: string
  /** As they are now; cheap while the file is the same. */
  current(): OwnSettings
  /** Writes what is given and leaves the rest. AppError `not-written`. */
  change(change: Partial<OwnSettings>): OwnSettings
  notices(): readonly Notice[]
}

/** The settings of that file, which need not be there. */
export function createOwnSettings(file: string): OwnSettingsStore {
  let known: { stamp: string; read: SettingsText } | null = null

  function read(): SettingsText {
    const found = readRegularFile(file, MAX_BYTES)
    if (found.kind === 'missing') return EMPTY
    if (found.kind === 'refused') return { ...EMPTY, raw: null, problems: [`It is left out: ${found.why}.`] }
    if (found.isCut) return { ...EMPTY, raw: null, problems: ['It is left out: it is larger than 256 KiB.'] }
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
      if (before.raw === null) setAside(file)
      sweepParts(folder)
      const settings = { ...before.settings, ...change }
      const text = { ...before.raw, schema: SETTINGS_VERSION, ...settings }
      writeFileWhole(file, `${JSON.stringify(text, null, 2)}\n`)
      return settings
    },
    notices: () =>
      read().problems.map((problem) => ({
        id: `settings:${problem}`,
        level: 'warning',
        text: `The settings in ${file}: ${problem}`,
      })),
  }
}
