// Tabs as the ARIA Authoring Practices have them (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/): the arrows choose, Home and End
// too. Ours, because each tab of the headless library takes 170 KiB of the web engine and one of these 80 (docs/performance.md), and
// because of a hundred only some are drawn.
import { createContext, createUniqueId, type JSX, Show, useContext } from 'solid-js'
import { Dynamic } from 'solid-js/web'

type Orientation = 'horizontal' | 'vertical'

interface TabsContext {
  id: string
  value: () => string
  orientation: () => Orientation
  choose: (value: string) => void
}

const context = createContext<TabsContext>()

function useTabs(): TabsContext {
  const tabs = useContext(context)
  if (!tabs) throw new Error('outside of tabs')
  return tabs
}

const tabId = (id: string, value: string): string => `${id}-tab-${value}`
const panelId = (id: string, value: string): string => `${id}-panel-${value}`

/** A list of tabs and the panel of the chosen one. */
export function Tabs(props: {
  value: string
  /** Called when a person chooses, by hand or by keyboard. */
  onChange: (value: string) => void
  orientation?: Orientation
  class: string
  /** The page's main part. */
  isMain?: boolean
  children: JSX.Element
}): JSX.Element {
  return (
    <context.Provider
      value={{
        id: createUniqueId(),
        value: () => props.value,
        orientation: () => props.orientation ?? 'horizontal',
        choose: (value) => props.onChange(value),
      }}
    >
      <Dynamic component={props.isMain === true ? 'main' : 'div'} class={props.class}>
        {props.children}
      </Dynamic>
    </context.Provider>
  )
}

export function TabList(props: {
  label: string
  class: string
  /** Of every tab in its order, drawn or not: the one that is chosen is drawn by the time it is. */
  values: readonly string[]
  ref?: (element: HTMLElement) => void
  children: JSX.Element
}): JSX.Element {
  const tabs = useTabs()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = placeAfter(
      event.key,
      props.values.indexOf(tabs.value()),
      props.values.length,
      tabs.orientation(),
    )
    const value = props.values[to ?? -1]
    if (value === undefined) return
    event.preventDefault()
    tabs.choose(value)
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

/** Where such a key leads from that place, at the end to the other end; null: it is not about places. */
export function placeAfter(
  key: string,
  place: number,
  count: number,
  orientation: Orientation,
): number | null {
  const [back, on] = orientation === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (key === on) return (place + 1) % count
  if (key === back) return (place + count - 1) % count
  return null
}

/** `label`: what assistive technology reads instead of the content. */
export function Tab(props: {
  value: string
  class: string
  label?: string
  title?: string
  /** Where only some of the tabs are drawn: which one of how many it is, from 1. */
  place?: { at: number; of: number } | undefined
  children: JSX.Element
}): JSX.Element {
  const tabs = useTabs()
  const isChosen = (): boolean => tabs.value() === props.value
  return (
    <button
      type="button"
      role="tab"
      id={tabId(tabs.id, props.value)}
      class={props.class}
      title={props.title}
      tabIndex={isChosen() ? 0 : -1}
      aria-label={props.label}
      aria-selected={isChosen()}
      aria-controls={isChosen() ? panelId(tabs.id, props.value) : undefined}
      aria-posinset={props.place?.at}
      aria-setsize={props.place?.of}
      onClick={() => tabs.choose(props.value)}
    >
      {props.children}
    </button>
  )
}

/** There only while its tab is chosen. */
export function TabPanel(props: {
  value: string
  class: string
  /** True: the keyboard stops at it, to scroll what may hold nothing to stop at. */
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
