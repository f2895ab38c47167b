// The header in one line: name, counts by color, memory, search, pin and menu.
import { PanelLeft, TriangleAlert } from 'lucide'
import { type JSX, Show } from 'solid-js'
import { formatBytes } from '#contract/units'
import type { DeckSummary } from '../../state/deck-summary.ts'
import { Icon } from '../../ui/icon.tsx'
import { ColorCounts } from './color-counts.tsx'
import { HeaderSearch } from './header-search.tsx'
import { MainMenu, type MainMenuProps } from './main-menu.tsx'
import { PinButton } from './pin-button.tsx'
import './header.css'

export function Header(props: {
  summary: DeckSummary
  /** Memory that separate Serenas would use more; null: no hub is running, or it is not measured. */
  savedBytes: number | null
  search: string
  onSearch: (text: string) => void
  /** Called with the function that opens and focuses the search field. */
  searchRef: (focus: () => void) => void
  /** Null: the window is too narrow for a list beside the tab. */
  hasSideList: boolean | null
  onSideList: (isOn: boolean) => void
  /** Null: a browser window cannot be pinned. */
  isPinned: boolean | null
  onPin: (isPinned: boolean) => void
  menu: MainMenuProps
  /** `3 problems`; empty: none are known. */
  health: string
  onHealth: () => void
}): JSX.Element {
  return (
    <header class="header">
      <h1 class="header__name">Serena Deck</h1>
      <ColorCounts byColor={props.summary.byColor} search={props.search} onSearch={props.onSearch} />
      <Show when={props.health}>
        <button
          type="button"
          class="pill tint--yellow header__health"
          aria-label={props.health ?? ''}
          title="Problems in the configurations of your clients"
          onClick={() => props.onHealth()}
        >
          <Icon of={TriangleAlert} px={12} />
          <span class="header__problems">{props.health}</span>
        </button>
      </Show>
      <Memory bytes={props.summary.memoryBytes} savedBytes={props.savedBytes} />
      <HeaderSearch search={props.search} onSearch={props.onSearch} searchRef={props.searchRef} />
      <div class="header__tools">
        <Show when={props.hasSideList !== null}>
          <button
            type="button"
            class="button button--quiet button--icon"
            aria-label="Show tabs as a list on the left"
            title="Show tabs as a list on the left"
            aria-pressed={props.hasSideList === true}
            onClick={() => props.onSideList(props.hasSideList !== true)}
          >
            <Icon of={PanelLeft} />
          </button>
        </Show>
        <Show when={props.isPinned !== null}>
          <PinButton isPinned={props.isPinned === true} onPin={props.onPin} />
        </Show>
        <MainMenu {...props.menu} />
      </div>
    </header>
  )
}

function Memory(props: { bytes: number | null; savedBytes: number | null }): JSX.Element {
  return (
    <span class="header__memory" title="Memory of all instances, including their child processes">
      <Show when={props.bytes !== null}>{formatBytes(props.bytes)}</Show>
      <Show when={(props.savedBytes ?? 0) > 0}>
        <span class="header__saved"> · {formatBytes(props.savedBytes)} saved by sharing</span>
      </Show>
    </span>
  )
}
