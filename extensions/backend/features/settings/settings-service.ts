// The Settings page's facts and its two ways to change something: our own file at once, a home's `serena_config.yml` by single
// keys, only after the person saw the differences, with a copy of the old one kept.
import { lstatSync } from 'node:fs'
import { AppError } from '#contract/errors'
import { SCHEMA_VERSION } from '#contract/instance'
import {
  type ClientFlag,
  HOME_KEYS,
  type HomeChange,
  type HomeKey,
  type HomeSetting,
  type HomeSettings,
  type HomeValue,
  type OwnSettings,
  type SettingsView,
} from '#contract/settings'
import { readRegularFile } from '../../lib/read-file.ts'
import { parseSerenaSettings, type SerenaSettings } from '../../lib/serena-settings.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf, TOO_LARGE } from '../../lib/settings-file.ts'
import { checkOwnFolder } from '../../os/private-folder.ts'
import { writeFileWhole } from '../../os/write-file.ts'
import type { SettingsService } from '../../services.ts'
import { changeKeys, type KeyValue } from './change-keys.ts'
import type { OwnSettingsStore } from './own-settings.ts'

export interface SettingsDeps {
  own: OwnSettingsStore
  /** The homes that were looked at. */
  serenaHomes: () => readonly string[]
  /** What one home's file sets, parsed again only when it has changed. */
  readSettings: (serenaHome: string) => SerenaSettings
  push: () => SettingsView['push']
  clientFlags: () => ClientFlag[]
  configuration: {
    etagOf: (text: string) => string
    preview: (original: string, edited: string) => { diff: string[]; hash: string; problem: string | null }
  }
  /** Keeps a copy before a file is replaced. */
  backUp: (text: string) => void
  /** Something was changed: what depends on it looks again. */
  onChange: () => Promise<unknown>
}

/** The service of one deck. Errors: `not-found`, `changed-meanwhile`, `diff-not-seen`, `key-not-changed`, `bad-input`, `not-written`. */
export function createSettingsService(deps: SettingsDeps): SettingsService {
  const { own, configuration } = deps

  function readHome(serenaHome: string): { file: string; text: string; mode: number } {
    if (!deps.serenaHomes().includes(serenaHome)) throw new AppError('not-found')
    const file = settingsFileOf(serenaHome)
    const read = readRegularFile(file, MAX_SETTINGS_BYTES)
    if (read.kind !== 'text' || read.isCut) throw new AppError('not-written', { file, issue: whyNot(read) })
    return { file, text: read.text, mode: read.mode }
  }

  /** What the change would make of the file as it is now. */
  function planned(serenaHome: string, change: HomeChange) {
    const { file, text, mode } = readHome(serenaHome)
    const edited = changeKeys(text, keysIn(change))
    const { diff, hash, problem } = configuration.preview(text, edited)
    return {
      file,
      text,
      edited,
      mode,
      preview: {
        diff,
        hash,
        problem: problem ?? problemOf(edited, change),
        etag: configuration.etagOf(text),
      },
    }
  }

  function homeView(serenaHome: string): HomeSettings {
    const file = settingsFileOf(serenaHome)
    const settings = deps.readSettings(serenaHome)
    return {
      serenaHome,
      file,
      exists: lstatSync(file, { throwIfNoEntry: false }) !== undefined,
      settings: HOME_KEYS.map(({ key }) => settingOf(key, settings, own.current())),
      problems: settings.problems.map(({ text }) => text),
    }
  }

  function view(): SettingsView {
    return {
      schema: SCHEMA_VERSION,
      own: own.current(),
      ownFile: own.file,
      ownProblems: own.notices().map(({ text }) => text),
      push: deps.push(),
      homes: deps.serenaHomes().map(homeView),
      clientFlags: deps.clientFlags(),
    }
  }

  return {
    view: () => Promise.resolve(view()),
    async changeOwn(change) {
      own.change(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)))
      await deps.onChange()
      return view()
    },
    previewHome: ({ serenaHome, change }) => Promise.resolve(planned(serenaHome, change).preview),
    async saveHome({ serenaHome, change, etag, hash }) {
      const { file, text, edited, mode, preview } = planned(serenaHome, change)
      if (preview.etag !== etag) throw new AppError('changed-meanwhile', { what: 'The configuration' })
      if (preview.hash !== hash) throw new AppError('diff-not-seen')
      if (preview.problem !== null) throw new AppError('bad-input', { issue: preview.problem })
      checkOwnFolder(serenaHome)
      deps.backUp(text)
      // Serena itself may have saved while the copy was made.
      if (readHome(serenaHome).text !== text)
        throw new AppError('changed-meanwhile', { what: 'The configuration' })
      writeFileWhole(file, edited, { mode })
      await deps.onChange()
      return view()
    },
  }
}

function whyNot(read: ReturnType<typeof readRegularFile>): string {
  if (read.kind === 'missing') return 'Serena has not made it yet: it does at its first start'
  return read.kind === 'refused' ? read.why : TOO_LARGE
}

const keysIn = (change: HomeChange): Record<string, KeyValue> =>
  Object.fromEntries(
    Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )

/** A value that would not be understood is not written. */
function problemOf(edited: string, change: HomeChange): string | null {
  const { problems } = parseSerenaSettings(edited)
  return problems.find(({ key }) => key in change)?.text ?? null
}

const FIELDS: Readonly<
  Record<HomeKey, Exclude<keyof SerenaSettings, 'problems' | 'webDashboardTrustedHosts'>>
> = {
  web_dashboard_global: 'webDashboardGlobal',
  web_dashboard_global_open_on_launch: 'webDashboardGlobalOpenOnLaunch',
  web_dashboard_global_port: 'webDashboardGlobalPort',
  idle_shutdown_minutes: 'idleShutdownMinutes',
  zombie_prune_minutes: 'zombiePruneMinutes',
  web_dashboard_open_on_launch: 'webDashboardOpenOnLaunch',
  web_dashboard_interface: 'webDashboardInterface',
}

/** The value that counts, and who says so. */
export function settingOf(key: HomeKey, settings: SerenaSettings, own: OwnSettings): HomeSetting {
  const value = settings[FIELDS[key]]
  if (value !== null) return { key, value: onTheWire(value), source: 'home' }
  const { own: ownKey, fallback } = HOME_KEYS.find((one) => one.key === key) ?? { own: null, fallback: null }
  const ownValue = ownKey === null ? null : own[ownKey]
  return ownValue === null
    ? { key, value: fallback, source: 'default' }
    : { key, value: ownValue, source: 'own' }
}

/** JSON has no word for infinity. */
const onTheWire = (value: NonNullable<HomeValue>): HomeValue =>
  value === Number.POSITIVE_INFINITY ? '.inf' : value
