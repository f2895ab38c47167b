// The main menu.
import { Ellipsis } from 'lucide'
import { type JSX, Show } from 'solid-js'
import { THEMES, type Theme } from '../../state/preferences.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuCheck, MenuChoice, MenuItem } from '../../ui/menu.tsx'

const THEME_NAMES: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' }

export interface MainMenuProps {
  theme: Theme
  onTheme: (theme: Theme) => void
  onRefresh: () => void
  onPalette: () => void
  onShortcuts: () => void
  onSettings: () => void
  onHealth: () => void
  /** Undefined: a browser window cannot be hidden. */
  onHide: (() => void) | undefined
  /** Null: no desktop notifications in this shell. */
  notifies: boolean | null
  onNotifies: (isOn: boolean) => void
}

export function MainMenu(props: MainMenuProps): JSX.Element {
  return (
    <Menu label="Menu" class="button button--quiet button--icon" trigger={<Icon of={Ellipsis} />}>
      <MenuItem onSelect={() => props.onRefresh()}>Refresh</MenuItem>
      <MenuItem onSelect={() => props.onHealth()}>Health</MenuItem>
      <MenuItem onSelect={() => props.onSettings()}>Settings …</MenuItem>
      <MenuItem keys="Ctrl+K" onSelect={() => props.onPalette()}>
        Command palette
      </MenuItem>
      <MenuItem keys="?" onSelect={() => props.onShortcuts()}>
        Keyboard shortcuts
      </MenuItem>
      <Show when={props.onHide}>{(hide) => <MenuItem onSelect={() => hide()()}>Hide to tray</MenuItem>}</Show>
      <Show when={props.notifies !== null}>
        <MenuCheck isChecked={props.notifies === true} onChange={(isOn) => props.onNotifies(isOn)}>
          Desktop notifications
        </MenuCheck>
      </Show>
      <MenuChoice
        label="Theme"
        value={props.theme}
        choices={THEMES.map((value) => ({ value, label: THEME_NAMES[value] }))}
        onChange={(theme) => props.onTheme(theme)}
      />
    </Menu>
  )
}
