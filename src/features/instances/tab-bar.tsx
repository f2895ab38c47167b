// The tabs: one per instance, a list when the window is narrow, a bar when it is wide; the first is All.
import { createEffect, createSignal, For, type JSX, on, onCleanup, onMount, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { Mark } from '../../ui/mark.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Tab, TabList } from '../../ui/tabs.tsx'
import { SHAPES, secondLine, shown, tabTooltip } from '../instance-words.ts'
import './tab-bar.css'

const ALL_TAB = 'all'

export function TabBar(props: {
  instances: readonly Instance[]
  selected: string
  onSelect: (id: string) => void
  nowMs: number
  isNew: (id: string) => boolean
  isBar: boolean
}): JSX.Element {
  let list!: HTMLElement
  const [isOverflowing, setIsOverflowing] = createSignal(false)
  const measure = (): void => void setIsOverflowing(list.scrollWidth > list.clientWidth + 1)

  onMount(() => {
    const observer = new ResizeObserver(measure)
    observer.observe(list)
    onCleanup(() => observer.disconnect())
  })
  createEffect(on([() => props.instances.length, () => props.isBar], () => queueMicrotask(measure)))
  // A tab chosen elsewhere (table, menu, shortcut) comes into view; one chosen here already is.
  createEffect(
    on([() => props.selected, () => props.isBar], () => {
      queueMicrotask(() =>
        list
          .querySelector('[role=tab][aria-selected=true]')
          ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
      )
    }),
  )

  return (
    <div class="tab-bar" classList={{ 'tab-bar--list': !props.isBar }}>
      <TabList label="Serena instances" class="tab-bar__list" ref={(element) => (list = element)}>
        <Tab value={ALL_TAB} label="All" class="tab tab--all" onChoose={() => props.onSelect(ALL_TAB)}>
          <span class="tab__title">All</span>
        </Tab>
        <For each={props.instances}>
          {(instance) => (
            <Tab
              value={instance.id}
              class="tab"
              label={`${shown(instance.title)}, ${instance.state}`}
              title={tabTooltip(instance)}
            >
              <Mark shape={SHAPES[instance.state]} tone={instance.colour} />
              <span class="tab__title">
                {shown(instance.title)}
                <Show when={props.isNew(instance.id)}>
                  <span class="tab__new">new</span>
                </Show>
              </span>
              <Show when={!props.isBar}>
                <span class="tab__memory">
                  {instance.memoryBytes === null ? '' : formatBytes(instance.memoryBytes)}
                </span>
                <span class="tab__second" classList={{ 'tone--red': instance.colour === 'red' }}>
                  {secondLine(instance, props.nowMs)}
                </span>
              </Show>
            </Tab>
          )}
        </For>
      </TabList>
      <Show when={props.isBar && isOverflowing()}>
        <Menu
          label={`List all ${props.instances.length} instances`}
          class="button button--quiet button--icon tab-bar__more"
          trigger={
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6" />
            </svg>
          }
        >
          <For each={props.instances}>
            {(instance) => (
              <MenuItem onSelect={() => props.onSelect(instance.id)}>
                <Mark shape={SHAPES[instance.state]} tone={instance.colour} />
                {shown(instance.title)}
              </MenuItem>
            )}
          </For>
        </Menu>
      </Show>
    </div>
  )
}
