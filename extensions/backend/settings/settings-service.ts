// The settings for the page, and their changes: our own file at once; a home's `serena_config.yml` by single keys, only after its diff was
// shown, with a copy of the old file.
import { lstatSync } from 'node:fs'
import { AppError } from '#contract/errors'
import type { RouteAnswer, RouteBody } from '#contract/routes'
import {
  type ClientFlag,
  type HomeChange,
  type HomeKey,
  type HomeSetting,
  type HomeSettings,
  type HomeValue,
  type OwnSettings,
  type SettingsView,
} from '#contract/settings'
import { HOME_SETTINGS } from '#contract/settings-table'
import { SETTINGS_VIEW_VERSION } from '#contract/versions'
import { checkOwnFolder } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { writeFileWhole } from '../os/files/write-file.ts'
import { parseSerenaSettings, type SerenaSettings } from '../serena/serena-settings.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf, TOO_LARGE } from '../serena/settings-file.ts'
import { changeKeys, type KeyValue } from './change-keys.ts'
import type { OwnSettingsStore } from './own-settings.ts'

/** The settings of every home and our own. A home is changed by single keys, with the hash of the diff that was shown. */
export interface SettingsService {
  view(): Promise<RouteAnswer<'settings'>>
  changeOwn(change: RouteBody<'changeOwnSettings'>): Promise<RouteAnswer<'settings'>>
  previewHome(request: RouteBody<'previewHomeSettings'>): Promise<RouteAnswer<'previewHomeSettings'>>
  saveHome(request: RouteBody<'saveHomeSettings'>): Promise<RouteAnswer<'settings'>>
}

export interface SettingsDeps {
  own: OwnSettingsStore
  /** The homes that are watched. */
  serenaHomes: () => readonly string[]
  /** Reads the file of one home; parses it again only after a change. */
  readSettings: (serenaHome: string) => SerenaSettings
  push: () => SettingsView['push']
  clientFlags: () => Promise<ClientFlag[]>
  configuration: {
    etagOf: (text: string) => string
    preview: (original: string, edited: string) => { diff: string[]; hash: string; problem: string | null }
  }
  /** Stores a copy before the file is replaced. */
  backUp: (text: string) => void
  /** After a change: everything that depends on it reads it again. */
  onChange: () => Promise<unknown>
}

/**
 * Creates the service of one deck. Errors: `not-found`, `changed-meanwhile`, `diff-not-seen`, `key-not-changed`, `bad-input`,
 * `not-written`.
 */
export function createSettingsService(deps: SettingsDeps): SettingsService {
  const view = (): Promise<SettingsView> => viewOf(deps)
  return {
    view,
    async changeOwn(change) {
      deps.own.change(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)))
      await deps.onChange()
      return view()
    },
    previewHome: ({ serenaHome, change }) => Promise.resolve(planChange(deps, serenaHome, change).preview),
    async saveHome(request) {
      saveHome(deps, request)
      await deps.onChange()
      return view()
    },
  }
}

function saveHome(
  deps: SettingsDeps,
  { serenaHome, change, etag, hash }: RouteBody<'saveHomeSettings'>,
): void {
  const { file, text, edited, mode, preview } = planChange(deps, serenaHome, change)
  const hasChanged = (): AppError => new AppError('changed-meanwhile', { what: 'The configuration' })
  if (preview.etag !== etag) throw hasChanged()
  if (preview.hash !== hash) throw new AppError('diff-not-seen')
  if (preview.problem !== null) throw new AppError('bad-input', { issue: preview.problem })
  checkOwnFolder(serenaHome)
  deps.backUp(text)
  // Serena may have saved the file while the copy was written.
  if (readHome(deps, serenaHome).text !== text) throw hasChanged()
  writeFileWhole(file, edited, { mode })
}

interface HomeFile {
  file: string
  text: string
  mode: number
}

function readHome({ serenaHomes }: SettingsDeps, serenaHome: string): HomeFile {
  if (!serenaHomes().includes(serenaHome)) throw new AppError('not-found')
  const file = settingsFileOf(serenaHome)
  const read = readRegularFile(file, MAX_SETTINGS_BYTES)
  if (read.kind !== 'text' || read.isCut) throw new AppError('not-written', { file, issue: whyNot(read) })
  return { file, text: read.text, mode: read.mode }
}

interface PlannedChange extends HomeFile {
  edited: string
  preview: RouteAnswer<'previewHomeSettings'>
}

/** Applies the change to the current text of the file, without writing it. */
function planChange(deps: SettingsDeps, serenaHome: string, change: HomeChange): PlannedChange {
  const { configuration } = deps
  const home = readHome(deps, serenaHome)
  const edited = changeKeys(home.text, keysIn(change))
  const { diff, hash, problem } = configuration.preview(home.text, edited)
  const etag = configuration.etagOf(home.text)
  return { ...home, edited, preview: { diff, hash, problem: problem ?? problemOf(edited, change), etag } }
}

async function viewOf(deps: SettingsDeps): Promise<SettingsView> {
  const { own } = deps
  return {
    schema: SETTINGS_VIEW_VERSION,
    own: own.current(),
    ownFile: own.file,
    ownProblems: own.notices().map(({ text }) => text),
    push: deps.push(),
    homes: deps.serenaHomes().map((home) => homeView(deps, home)),
    clientFlags: await deps.clientFlags(),
  }
}

function homeView({ own, readSettings }: SettingsDeps, serenaHome: string): HomeSettings {
  const file = settingsFileOf(serenaHome)
  const settings = readSettings(serenaHome)
  return {
    serenaHome,
    file,
    exists: lstatSync(file, { throwIfNoEntry: false }) !== undefined,
    settings: HOME_SETTINGS.map(({ key }) => settingOf(key, settings, own.current())),
    problems: settings.problems.map(({ text }) => text),
  }
}

function whyNot(read: ReturnType<typeof readRegularFile>): string {
  if (read.kind === 'missing') return 'Serena creates it at its first start'
  return read.kind === 'refused' ? read.why : TOO_LARGE
}

const keysIn = (change: HomeChange): Record<string, KeyValue> =>
  Object.fromEntries(
    Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )

/** An invalid value is not written. */
function problemOf(edited: string, change: HomeChange): string | null {
  const { problems } = parseSerenaSettings(edited)
  return problems.find(({ key }) => key in change)?.text ?? null
}

/** Returns the effective value of a key, and its source. */
export function settingOf(key: HomeKey, settings: SerenaSettings, own: OwnSettings): HomeSetting {
  const row = HOME_SETTINGS.find((one) => one.key === key)
  if (!row) throw new Error(`no setting ${key}`)
  const value = settings[row.field]
  if (value !== null) return { key, value: toJson(value), source: 'home' }
  const ownValue = row.own === null ? null : own[row.own]
  return ownValue === null
    ? { key, value: row.fallback, source: 'default' }
    : { key, value: ownValue, source: 'own' }
}

/** JSON has no infinity. */
const toJson = (value: NonNullable<HomeValue>): HomeValue =>
  value === Number.POSITIVE_INFINITY ? '.inf' : value
