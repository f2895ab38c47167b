// The language servers of an instance, with buttons to add and remove.
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { undoOf } from '../../state/undo.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { AddLanguageForm } from './add-language-form.tsx'

export function LanguageServers(props: { instance: Instance; languages: readonly string[] }): JSX.Element {
  const page = usePage()
  const action = createAction()
  /** Languages that can be added; null: the form is closed. */
  const [addable, setAddable] = createSignal<readonly string[] | null>(null)
  const params = (): { id: string } => ({ id: props.instance.id })

  const openForm = (): void => {
    void action.run(async () => {
      const answer = await page.backend.call('languages', { params: params() })
      setAddable(answer.isAvailable ? [...answer.data.languages].sort() : [])
    })
  }
  const add = (language: string): void => {
    void action.run(async () => {
      await page.backend.call('addLanguage', { params: params(), body: { language } })
      setAddable(null)
      page.changed(`Added ${visibleLine(language)}.`)
    })
  }
  const remove = (language: string): void =>
    page.open({
      kind: 'confirm',
      title: `Remove the language server ${visibleLine(language)}?`,
      text: `Serena stops this language server for the project of ${visibleLine(props.instance.title)}.`,
      action: 'Remove',
      run: async () => {
        const body = { params: params(), body: { language } }
        await page.backend.call('removeLanguage', body)
        page.changed(
          `Removed ${visibleLine(language)}.`,
          undoOf(page, () => page.backend.call('addLanguage', body)),
        )
      },
    })

  return (
    <div class="languages">
      <ul class="names">
        <For each={props.languages}>
          {(language) => <Language name={language} onRemove={() => remove(language)} />}
        </For>
        <li>
          <button type="button" class="button button--small" disabled={action.isBusy()} onClick={openForm}>
            {action.isBusy() ? 'Loading …' : 'Add …'}
          </button>
        </li>
      </ul>
      <Show when={addable()}>
        {(languages) => <AddLanguageForm languages={languages()} isBusy={action.isBusy()} onAdd={add} />}
      </Show>
      <ErrorNote error={action.error()} />
    </div>
  )
}

function Language(props: { name: string; onRemove: () => void }): JSX.Element {
  return (
    <li class="names__name mono">
      {visibleLine(props.name)}
      <button
        type="button"
        class="names__remove"
        aria-label={`Remove ${visibleLine(props.name)}`}
        onClick={() => props.onRemove()}
      >
        ✕
      </button>
    </li>
  )
}
