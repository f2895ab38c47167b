// The state of Serena's global configuration while it is edited: text, preview, save.
import { type Accessor, createSignal, onMount, type Setter } from 'solid-js'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'

export interface ConfigurationPreview {
  diff: string[]
  hash: string
  problem: string | null
}

export interface ConfigurationState {
  action: Action
  isLoaded: Accessor<boolean>
  isDirty: Accessor<boolean>
  text: Accessor<string>
  setText: Setter<string>
  /** Null: the text is shown, not the preview. */
  preview: Accessor<ConfigurationPreview | null>
  showPreview(): void
  closePreview(): void
  save(): void
}

/** Loads the configuration when mounted. */
export function createConfiguration(
  instanceId: string,
  /** What was typed before and discarded. */
  draft?: string,
): ConfigurationState {
  const page = usePage()
  const action = createAction()
  const params = { id: instanceId }
  const [saved, setSaved] = createSignal<{ text: string; etag: string } | null>(null)
  const [text, setText] = createSignal('')
  const [preview, setPreview] = createSignal<ConfigurationPreview | null>(null)
  const body = (): { text: string; etag: string } => ({ text: text(), etag: saved()?.etag ?? '' })
  onMount(() => {
    void action.run(async () => {
      const configuration = await page.backend.call('configuration', { params })
      setSaved(configuration)
      setText(draft ?? configuration.text)
    })
  })
  return {
    action,
    isLoaded: () => saved() !== null,
    isDirty: () => saved() !== null && text() !== saved()?.text,
    text,
    setText,
    preview,
    showPreview() {
      void action.run(async () => {
        setPreview(await page.backend.call('previewConfiguration', { params, body: body() }))
      })
    },
    closePreview: () => setPreview(null),
    save() {
      void action.run(async () => {
        const hash = preview()?.hash ?? null
        setSaved(await page.backend.call('saveConfiguration', { params, body: { ...body(), hash } }))
        setPreview(null)
        page.changed('Saved the configuration. Running instances use it after a restart.')
      })
    },
  }
}
