// Tabs of the ARIA Authoring Practices (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/): arrow keys, Home and End select. Not the
// headless library's: each of its tabs takes 170 KiB in the web engine and each of these 80 KiB (docs/dev/performance.md), and a long
// list must be rendered partially.
import { createContext, createUniqueId, type JSX, Show, useContext } from 'solid-js'
import { Dynamic } from 'solid-js/web'

type Orientation = 'horizontal' | 'vertical'

interface TabsContext {
  id: string
  value: () => string
  orientation: () => Orientation
  select: (value: string) => void
}

const context = createContext<TabsContext>()

function useTabs(): TabsContext {
  const tabs = useContext(context)
  if (!tabs) throw new Error('useTabs outside of Tabs')
  return tabs
}

const tabId = (id: string, value: string): string => `${id}-tab-${value}`
const panelId = (id: string, value: string): string => `${id}-panel-${value}`

/** A list of tabs and the panel of the selected one. */
export function Tabs(props: {
  value: string
  /** Called when the user selects a tab with the pointer or the keyboard. */
  onChange: (value: string) => void
  orientation?: Orientation
  class: string
  style?: JSX.CSSProperties
  /** Renders the `main` element of the page. */
  isMain?: boolean
  children: JSX.Element
}): JSX.Element {
  return (
    <context.Provider
      value={{
        id: createUniqueId(),
        value: () => props.value,
        orientation: () => props.orientation ?? 'horizontal',
        select: (value) => props.onChange(value),
      }}
    >
      <Dynamic component={props.isMain === true ? 'main' : 'div'} class={props.class} style={props.style}>
        {props.children}
      </Dynamic>
    </context.Provider>
  )
}

export function TabList(props: {
  label: string
  class: string
  /** The values of all tabs in order, rendered or not. The selected tab is always rendered. */
  values: readonly string[]
  ref?: (element: HTMLElement) => void
  /** Moves the selected tab by one place, for Ctrl+Shift and an arrow key. */
  onMove?: (step: 1 | -1) => void
  children: JSX.Element
}): JSX.Element {
  const tabs = useTabs()
  const onKeyDown = (event: KeyboardEvent): void => {
    const step =
      event.ctrlKey && event.shiftKey && props.onMove ? stepOf(event.key, tabs.orientation()) : null
    if (step !== null) {
      event.preventDefault()
      props.onMove?.(step)
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = indexAfterKey(
      event.key,
      props.values.indexOf(tabs.value()),
      props.values.length,
      tabs.orientation(),
    )
    const value = props.values[to ?? -1]
    if (value === undefined) return
    event.preventDefault()
    tabs.select(value)
    document.getElementById(tabId(tabs.id, value))?.focus({ preventScroll: true })
  }
  return (
    <div
      role="tablist"
      class={props.class}
      aria-label={props.label}
      aria-orientation={tabs.orientation()}
      ref={(element) => props.ref?.(element)}
      onKeyDown={onKeyDown}
    >
      {props.children}
    </div>
  )
}

const keysOf = (orientation: Orientation): readonly [string, string] =>
  orientation === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']

/** Returns the direction of an arrow key; null: another key. */
function stepOf(key: string, orientation: Orientation): 1 | -1 | null {
  const [previous, next] = keysOf(orientation)
  if (key === next) return 1
  return key === previous ? -1 : null
}

/** Returns the index of the tab that a key selects, wrapping around at the ends; null: not a navigation key. */
export function indexAfterKey(
  key: string,
  index: number,
  count: number,
  orientation: Orientation,
): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = stepOf(key, orientation)
  return step === null ? null : (index + count + step) % count
}

/** `label` replaces the content for assistive technology. */
export function Tab(props: {
  value: string
  class: string
  label?: string
  title?: string
  /** Position of this tab, from 1, when only some tabs are rendered. */
  position?: { index: number; count: number } | undefined
  /** The instance that its context menu is about. */
  instanceId?: string
  children: JSX.Element
}): JSX.Element {
  const tabs = useTabs()
  const isSelected = (): boolean => tabs.value() === props.value
  return (
    <button
      type="button"
      role="tab"
      id={tabId(tabs.id, props.value)}
      class={props.class}
      title={props.title}
      tabIndex={isSelected() ? 0 : -1}
      aria-label={props.label}
      aria-selected={isSelected()}
      aria-controls={isSelected() ? panelId(tabs.id, props.value) : undefined}
      aria-posinset={props.position?.index}
      aria-setsize={props.position?.count}
      data-instance={props.instanceId}
      onClick={() => tabs.select(props.value)}
    >
      {props.children}
    </button>
  )
}

/** Rendered only while its tab is selected. */
export function TabPanel(props: {
  value: string
  class: string
  /** True: the panel can be focused, so that content without controls can be scrolled by keyboard. */
  isTabStop?: boolean
  children: JSX.Element
}): JSX.Element {
  const tabs = useTabs()
  return (
    <Show when={tabs.value() === props.value}>
      <div
        role="tabpanel"
        id={panelId(tabs.id, props.value)}
        class={props.class}
        tabIndex={props.isTabStop === true ? 0 : undefined}
        aria-labelledby={tabId(tabs.id, props.value)}
      >
        {props.children}
      </div>
    </Show>
  )
}
