// The language servers of an instance: remove one, add another.
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createAction } from '../../state/action.ts'
import { Failure } from '../failure.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'

export function LanguageServers(props: { instance: Instance; languages: readonly string[] }): JSX.Element {
  const page = usePage()
  const action = createAction()
  const listId = createUniqueId()
  const [addable, setAddable] = createSignal<readonly string[] | null>(null)
  const [wanted, setWanted] = createSignal('')
  const params = (): { id: string } => ({ id: props.instance.id })

  const offer = (): void => {
    void action.run(async () => {
      const answer = await page.backend.call('languages', { params: params() })
      setAddable(answer.isAvailable ? [...answer.data.languages].sort() : [])
    })
  }
  const add = (): void => {
    const language = wanted().trim()
    void action
      .run(() => page.backend.call('addLanguage', { params: params(), body: { language } }))
      .then((isDone) => {
        if (!isDone) return
        setAddable(null)
        setWanted('')
        page.changed(`Added ${shown(language)}.`)
      })
  }
  const remove = (language: string): void =>
    page.open({
      kind: 'confirm',
      title: `Remove the language server ${shown(language)}?`,
      text: `Serena stops it and works without it in the project of ${shown(props.instance.title)}.`,
      action: 'Remove',
      run: async () => {
        await page.backend.call('removeLanguage', { params: params(), body: { language } })
        page.changed(`Removed ${shown(language)}.`)
      },
    })

  return (
    <div class="languages">
      <ul class="names">
        <For each={props.languages}>
          {(language) => (
            <li class="names__name mono">
              {shown(language)}
              <button
                type="button"
                class="names__remove"
                aria-label={`Remove ${shown(language)}`}
                onClick={() => remove(language)}
              >
                ✕
              </button>
            </li>
          )}
        </For>
        <li>
          <button type="button" class="button button--small" disabled={action.isBusy()} onClick={offer}>
            {action.isBusy() ? 'Working …' : 'Add …'}
          </button>
        </li>
      </ul>
      <Show when={addable()}>
        {(languages) => (
          <form
            class="languages__add"
            onSubmit={(event) => {
              event.preventDefault()
              add()
            }}
          >
            <input
              class="input"
              list={listId}
              aria-label="Language to add"
              placeholder={`One of ${languages().length} languages`}
              value={wanted()}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
            <datalist id={listId}>
              <For each={languages()}>{(language) => <option value={language} />}</For>
            </datalist>
            <button
              type="submit"
              class="button"
              disabled={!languages().includes(wanted().trim()) || action.isBusy()}
            >
              Add
            </button>
            <p class="muted">
              Serena may have to download its language server first, and needs some seconds to start it.
            </p>
          </form>
        )}
      </Show>
      <Failure error={action.error()} />
    </div>
  )
}
