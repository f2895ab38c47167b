// A form to add a language server.
import { createSignal, createUniqueId, For, type JSX } from 'solid-js'

export function AddLanguageForm(props: {
  languages: readonly string[]
  isBusy: boolean
  onAdd: (language: string) => void
}): JSX.Element {
  const listId = createUniqueId()
  const [text, setText] = createSignal('')
  const language = (): string => text().trim()
  return (
    <form
      class="languages__add"
      onSubmit={(event) => {
        event.preventDefault()
        props.onAdd(language())
      }}
    >
      <input
        class="input"
        list={listId}
        aria-label="Language to add"
        placeholder={`One of ${props.languages.length} languages`}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <datalist id={listId}>
        <For each={props.languages}>{(name) => <option value={name} />}</For>
      </datalist>
      <button type="submit" class="button" disabled={!props.languages.includes(language()) || props.isBusy}>
        Add
      </button>
      <p class="muted">Serena downloads the language server if necessary. Starting it takes a few seconds.</p>
    </form>
  )
}
