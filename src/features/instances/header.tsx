// The top of the window: the name, how many of which colour, the memory of all trees, search, and the menu.
import { For, type JSX, Show } from 'solid-js'
import type { Colour } from '#contract/instance'
import { formatBytes } from '#contract/units'
import type { DeckSummary } from '../../state/deck-summary.ts'
import { THEMES, type Theme } from '../../state/preferences.ts'
import { Mark } from '../../ui/mark.tsx'
import { Menu, MenuCheck, MenuChoice, MenuItem } from '../../ui/menu.tsx'
import { COLOUR_SHAPES } from '../instance-words.ts'
import './header.css'

const COUNTED: readonly { colour: Colour; one: string; many: string }[] = [
  { colour: 'green', one: 'live', many: 'live' },
  { colour: 'yellow', one: 'idle', many: 'idle' },
  { colour: 'red', one: 'zombie', many: 'zombies' },
  { colour: 'blue', one: 'starting', many: 'starting' },
  { colour: 'grey', one: 'other', many: 'others' },
]
const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
}

export function Header(props: {
  summary: DeckSummary
  search: string
  onSearch: (text: string) => void
  searchRef: (input: HTMLInputElement) => void
  theme: Theme
  onTheme: (theme: Theme) => void
  onSweep: () => void
  onShortcuts: () => void
  onSettings: () => void
  /** Absent: the window is not ours to hide. */
  onHide?: () => void
  /** Null: this window is not ours to pin. */
  isPinned: boolean | null
  onPin: (isPinned: boolean) => void
  /** Null: there are no notices on the desktop here. */
  notifies: boolean | null
  onNotifies: (isOn: boolean) => void
}): JSX.Element {
  return (
    <header class="header">
      <h1 class="header__name">Serena Deck</h1>
      <ul class="header__counts" aria-label="Instances by colour">
        <For each={COUNTED}>
          {({ colour, one, many }) => {
            const count = (): number => props.summary.byColour[colour]
            return (
              <Show when={count() > 0}>
                <li title={`${count()} ${count() === 1 ? one : many}`}>
                  <span class="header__count">{count()}</span>
                  <Mark shape={COLOUR_SHAPES[colour]} tone={colour} />
                  <span class="visually-hidden">{count() === 1 ? one : many}</span>
                </li>
              </Show>
            )
          }}
        </For>
      </ul>
      <span class="header__memory" title="Memory of all instances with the processes they own">
        <Show when={props.summary.memoryBytes !== null}>{formatBytes(props.summary.memoryBytes)}</Show>
      </span>
      <input
        class="input header__search"
        type="search"
        aria-label="Search instances"
        aria-keyshortcuts="/"
        placeholder="Search  ( / )"
        value={props.search}
        ref={(element) => props.searchRef(element)}
        onInput={(event) => props.onSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.onSearch('')
        }}
      />
      <div class="header__tools">
        <Show when={props.isPinned !== null}>
          <button
            type="button"
            class="button button--quiet button--icon"
            aria-label="Keep above other windows"
            title="Keep above other windows"
            aria-pressed={props.isPinned === true}
            onClick={() => props.onPin(props.isPinned !== true)}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path
                d="M6 2h4l-.5 4.5L12 9H4l2.5-2.5zM8 9v5"
                fill="none"
                stroke="currentColor"
                stroke-width="1.4"
                stroke-linejoin="round"
                stroke-linecap="round"
              />
            </svg>
          </button>
        </Show>
        <Menu
          label="Menu"
          class="button button--quiet button--icon"
          trigger={
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path
                d="M3 8h.01M8 8h.01M13 8h.01"
                stroke="currentColor"
                stroke-width="2.4"
                stroke-linecap="round"
              />
            </svg>
          }
        >
          <MenuItem onSelect={() => props.onSweep()}>Refresh</MenuItem>
          <MenuItem onSelect={() => props.onSettings()}>Settings …</MenuItem>
          <MenuItem onSelect={() => props.onShortcuts()}>Keyboard shortcuts</MenuItem>
          <Show when={props.onHide}>
            {(hide) => <MenuItem onSelect={() => hide()()}>Hide to the tray</MenuItem>}
          </Show>
          <Show when={props.notifies !== null}>
            <MenuCheck
              isChecked={props.notifies === true}
              onChange={(isChecked) => props.onNotifies(isChecked)}
            >
              Notify me of new zombies
            </MenuCheck>
          </Show>
          <MenuChoice
            label="Theme"
            value={props.theme}
            choices={THEMES.map((value) => ({ value, label: THEME_WORDS[value] }))}
            onChange={(theme) => props.onTheme(theme)}
          />
        </Menu>
      </div>
    </header>
  )
}
