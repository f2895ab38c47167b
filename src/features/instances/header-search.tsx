// The search field: in a wide header always, in a narrow one behind a button, above the header.
import { Search, X } from 'lucide'
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { Icon } from '../../ui/icon.tsx'

const EXAMPLES = ['state:red', 'client:claude', 'project:shop', 'port:24282', '>500mb', '-flag:outdated']

export function HeaderSearch(props: {
  search: string
  onSearch: (text: string) => void
  searchRef: (focus: () => void) => void
}): JSX.Element {
  let button!: HTMLButtonElement
  let input!: HTMLInputElement
  const helpId = createUniqueId()
  const [isOpen, setIsOpen] = createSignal(false)
  const open = (): void => {
    setIsOpen(true)
    input.focus()
    input.select()
  }
  // A hidden field must not keep the focus: some browsers would go on from the top of the page.
  const leave = (): void => {
    setIsOpen(false)
    button.focus()
    if (document.activeElement === input) input.blur()
  }
  return (
    <div
      class="search"
      classList={{ 'search--open': isOpen() }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOpen(false)
      }}
    >
      <button
        type="button"
        ref={button}
        class="button button--quiet button--icon search__button"
        aria-label="Open search"
        title="Search  ( / )"
        aria-pressed={props.search !== ''}
        onClick={open}
      >
        <Icon of={Search} />
      </button>
      <div class="search__field">
        <SearchInput
          search={props.search}
          helpId={helpId}
          ref={(element) => {
            input = element
            props.searchRef(open)
          }}
          onFocus={() => setIsOpen(true)}
          onSearch={props.onSearch}
          onLeave={leave}
        />
        <CloseButton onSearch={props.onSearch} onLeave={leave} />
        <SearchHelp id={helpId} />
      </div>
    </div>
  )
}

function CloseButton(props: { onSearch: (text: string) => void; onLeave: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button button--quiet button--icon search__close"
      aria-label="Clear and close search"
      title="Clear and close search"
      onClick={() => {
        props.onSearch('')
        props.onLeave()
      }}
    >
      <Icon of={X} />
    </button>
  )
}

function SearchInput(props: {
  search: string
  helpId: string
  ref: (element: HTMLInputElement) => void
  onFocus: () => void
  onSearch: (text: string) => void
  onLeave: () => void
}): JSX.Element {
  return (
    <input
      class="input search__input"
      type="search"
      aria-label="Search instances"
      aria-keyshortcuts="/"
      aria-describedby={props.helpId}
      placeholder="Filter  ( / )"
      value={props.search}
      ref={(element) => props.ref(element)}
      onFocus={() => props.onFocus()}
      onInput={(event) => props.onSearch(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onSearch('')
        if (event.key !== 'Escape' && event.key !== 'Enter') return
        // The button that gets the focus must not receive the same key: it would open the field again.
        event.preventDefault()
        props.onLeave()
      }}
    />
  )
}

function SearchHelp(props: { id: string }): JSX.Element {
  return (
    <p class="search__help" id={props.id}>
      Words, or{' '}
      <For each={EXAMPLES}>
        {(example, at) => (
          <>
            <Show when={at() > 0}> </Show>
            <code class="mono">{example}</code>
          </>
        )}
      </For>
    </p>
  )
}
