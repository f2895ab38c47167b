// The tools of a log: search, level, follow, wrap, copy, save, clear. In a narrow window the last four are in a menu.
import { Ellipsis } from 'lucide'
import { type JSX, Show } from 'solid-js'
import { createElementWidth } from '../../state/element-width.ts'
import { LOG_LEVELS, type LogFilter, type LogLevel } from '../../state/log-state.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuCheck, MenuItem } from '../../ui/menu.tsx'

/** From this width on, all buttons fit in one line. */
const BUTTONS_MIN_PX = 680

interface LogToolsProps {
  filter: LogFilter
  onFilter: (filter: LogFilter) => void
  isFollowing: boolean
  onFollow: () => void
  isWrapped: boolean
  onWrap: (isWrapped: boolean) => void
  isEmpty: boolean
  onCopy: () => void
  onSave: () => void
  /** Undefined: the lines cannot be deleted. */
  onClear: (() => void) | undefined
  /** Number of lines, in words. */
  count: string
}

export function LogTools(props: LogToolsProps): JSX.Element {
  let bar!: HTMLElement
  const widthPx = createElementWidth(() => bar)
  return (
    <div class="log__tools" ref={(element) => (bar = element)}>
      <input
        class="input log__search"
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        value={props.filter.search}
        onInput={(event) => props.onFilter({ ...props.filter, search: event.currentTarget.value })}
      />
      <LevelField
        level={props.filter.minimumLevel}
        onLevel={(minimumLevel) => props.onFilter({ ...props.filter, minimumLevel })}
      />
      <Toggle isOn={props.isFollowing} onClick={() => props.onFollow()}>
        Follow
      </Toggle>
      <Show when={widthPx() >= BUTTONS_MIN_PX} fallback={<MoreMenu {...props} />}>
        <Buttons {...props} />
      </Show>
    </div>
  )
}

function Buttons(props: LogToolsProps): JSX.Element {
  return (
    <>
      <Toggle isOn={props.isWrapped} onClick={() => props.onWrap(!props.isWrapped)}>
        Wrap
      </Toggle>
      <button type="button" class="button" disabled={props.isEmpty} onClick={() => props.onCopy()}>
        Copy
      </button>
      <button type="button" class="button" disabled={props.isEmpty} onClick={() => props.onSave()}>
        Save
      </button>
      <Show when={props.onClear}>
        {(clear) => (
          <button type="button" class="button" onClick={() => clear()()}>
            Clear …
          </button>
        )}
      </Show>
      <span class="log__count muted">{props.count}</span>
    </>
  )
}

function MoreMenu(props: LogToolsProps): JSX.Element {
  return (
    <Menu
      label={`More log actions, ${props.count}`}
      class="button button--icon"
      trigger={<Icon of={Ellipsis} />}
    >
      <p class="menu__label">{props.count}</p>
      <MenuCheck isChecked={props.isWrapped} onChange={(isWrapped) => props.onWrap(isWrapped)}>
        Wrap
      </MenuCheck>
      <MenuItem onSelect={() => props.onCopy()}>Copy</MenuItem>
      <MenuItem onSelect={() => props.onSave()}>Save</MenuItem>
      <Show when={props.onClear}>{(clear) => <MenuItem onSelect={() => clear()()}>Clear …</MenuItem>}</Show>
    </Menu>
  )
}

function LevelField(props: {
  level: LogLevel | null
  onLevel: (level: LogLevel | null) => void
}): JSX.Element {
  return (
    <select
      class="input"
      aria-label="Minimum level"
      title="Minimum level"
      value={props.level ?? ''}
      onChange={(event) => props.onLevel(asLevel(event.currentTarget.value))}
    >
      <option value="">All levels</option>
      <option value="INFO">Info</option>
      <option value="WARNING">Warning</option>
      <option value="ERROR">Error</option>
    </select>
  )
}

const asLevel = (value: string): LogLevel | null => LOG_LEVELS.find((level) => level === value) ?? null

function Toggle(props: { isOn: boolean; onClick: () => void; children: JSX.Element }): JSX.Element {
  return (
    <button type="button" class="button" aria-pressed={props.isOn} onClick={() => props.onClick()}>
      {props.children}
    </button>
  )
}
