// The state of the settings dialog. A change of serena_config.yml is previewed before it is written.
import { type Accessor, createSignal, onMount } from 'solid-js'
import type { HomeChange, HomeSettings, OwnSettings, SettingsView } from '#contract/settings'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { shortPath } from '../../state/short-path.ts'

export interface HomePreview {
  serenaHome: string
  file: string
  change: HomeChange
  diff: string[]
  etag: string
  hash: string
  problem: string | null
}

export interface SettingsState {
  action: Action
  /** Null: not loaded yet. */
  view: Accessor<SettingsView | null>
  preview: Accessor<HomePreview | null>
  showPreview(home: HomeSettings, change: HomeChange): void
  closePreview(): void
  /** Writes the previewed change. */
  write(preview: HomePreview): void
  changeOwn(change: Partial<OwnSettings>): void
}

/** Loads the settings when mounted. */
export function createSettings(): SettingsState {
  const page = usePage()
  const action = createAction()
  const [view, setView] = createSignal<SettingsView | null>(null)
  const [preview, setPreview] = createSignal<HomePreview | null>(null)
  onMount(() => void action.run(async () => setView(await page.backend.call('settings'))))
  return {
    action,
    view,
    preview,
    showPreview({ serenaHome, file }, change) {
      void action
        .run(async () => {
          const answer = await page.backend.call('previewHomeSettings', { body: { serenaHome, change } })
          setPreview({ serenaHome, file, change, ...answer })
        })
        // After a failure, reset the field to the value of the file.
        .then((isDone) => isDone || setView((before) => before && { ...before }))
    },
    closePreview: () => setPreview(null),
    write({ serenaHome, change, etag, hash, file }) {
      void action.run(async () => {
        const body = { serenaHome, change, etag, hash }
        setView(await page.backend.call('saveHomeSettings', { body }))
        setPreview(null)
        page.changed(`Saved ${shortPath(file)}. A backup of the old file is kept.`)
      })
    },
    changeOwn(change) {
      void action.run(async () => {
        setView(await page.backend.call('changeOwnSettings', { body: change }))
        page.changed('Saved.')
      })
    },
  }
}
