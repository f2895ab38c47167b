// The tabs: one per instance, a list when the window is narrow, a bar when it is wide; the first is All.
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { matchesSearch } from '../../state/deck-summary.ts'
import { createLaterPart } from '../../state/later-part.ts'
import { Mark } from '../../ui/mark.tsx'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { Tab, TabList } from '../../ui/tabs.tsx'
import { SHAPES, secondLine, shown, tabTooltip } from '../instance-words.ts'
import './tab-bar.css'

const ALL_TAB = 'all'
const PIECE = 5

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

  const isMany = (): boolean => props.instances.length > MANY
  const places = createMemo(
    () => new Map([ALL_TAB, ...props.instances.map(({ id }) => id)].map((id, at) => [id, at])),
  )

  /** False: the person has scrolled elsewhere since. */
  let isLed = true
  const letGo = (): void => {
    isLed = false
  }
  /** A wheel that turns up and down goes through a bar too. */
  const onWheel = (event: WheelEvent): void => {
    letGo()
    if (!props.isBar || !isOverflowing() || event.deltaX !== 0 || event.ctrlKey) return
    event.preventDefault()
    list.scrollLeft += event.deltaY
  }
  const reveal = (): void =>
    queueMicrotask(() =>
      list
        .querySelector('[role=tab][aria-selected=true]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    )
  /** Tabs that are drawn beside it push the chosen one away. */
  const onMoved = (): void => {
    if (isLed && list.contains(document.activeElement)) reveal()
  }

  // Few have so many tabs, and everybody waits for what the page begins with.
  const finder = createLaterPart(() => import('../../ui/finder.tsx'))
  createEffect(() => {
    if (props.isBar && isOverflowing()) finder.load().catch(() => undefined)
  })

  onMount(() => {
    const observer = new ResizeObserver(measure)
    observer.observe(list)
    onCleanup(() => observer.disconnect())
    list.addEventListener('wheel', onWheel, { passive: false })
    list.addEventListener('pointerdown', letGo)
  })
  createEffect(on([() => props.instances.length, () => props.isBar], () => queueMicrotask(measure)))
  // A tab chosen elsewhere (table, menu, shortcut) comes into view; one chosen here already is.
  createEffect(
    on([() => props.selected, () => props.isBar], () => {
      isLed = true
      reveal()
    }),
  )

  return (
    <div class="tab-bar" classList={{ 'tab-bar--list': !props.isBar }}>
      <TabList
        label="Serena instances"
        class="tab-bar__list"
        values={[...places().keys()]}
        ref={(element) => (list = element)}
      >
        <Tab
          value={ALL_TAB}
          label="All"
          class="tab tab--all"
          place={isMany() ? { at: 1, of: places().size } : undefined}
        >
          <span class="tab__title">All</span>
        </Tab>
        <Pieces
          items={props.instances}
          isMany={isMany()}
          size={PIECE}
          guessPx={props.isBar ? 160 : 45}
          as="div"
          class="tab-bar__piece"
          isHorizontal={props.isBar}
          root={() => list}
          isKept={({ id }) => id === props.selected}
          onMoved={onMoved}
        >
          {(instance) => (
            <Tab
              value={instance().id}
              class="tab"
              label={`${shown(instance().title)}, ${instance().state}`}
              title={tabTooltip(instance())}
              place={isMany() ? { at: (places().get(instance().id) ?? 0) + 1, of: places().size } : undefined}
            >
              <Mark shape={SHAPES[instance().state]} tone={instance().colour} />
              <span class="tab__title">
                {shown(instance().title)}
                <Show when={props.isNew(instance().id)}>
                  <span class="tab__new">new</span>
                </Show>
              </span>
              <Show when={!props.isBar}>
                <span class="tab__memory">
                  {instance().memoryBytes === null ? '' : formatBytes(instance().memoryBytes)}
                </span>
                <SecondLine instance={instance()} nowMs={props.nowMs} />
              </Show>
            </Tab>
          )}
        </Pieces>
      </TabList>
      <Show when={props.isBar && isOverflowing() && finder.part()}>
        {(part) => {
          const { Finder } = part()
          return (
            <Finder
              label={`List all ${props.instances.length} instances`}
              searchLabel="Search the list"
              class="button button--quiet button--icon tab-bar__more"
              trigger={
                <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                  <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6" />
                </svg>
              }
              items={props.instances}
              current={props.selected}
              fits={matchesSearch}
              onChoose={(id) => props.onSelect(id)}
            >
              {(instance) => (
                <>
                  <Mark shape={SHAPES[instance.state]} tone={instance.colour} />
                  <span class="finder__words">{shown(instance.title)}</span>
                  <span class="visually-hidden">, {instance.state}</span>
                </>
              )}
            </Finder>
          )
        }}
      </Show>
    </div>
  )
}

function SecondLine(props: { instance: Instance; nowMs: number }): JSX.Element {
  const line = createMemo(() => secondLine(props.instance, props.nowMs))
  return (
    <span class="tab__second" classList={{ 'tone--red': props.instance.colour === 'red' }}>
      <span class="tab__words">{line().words}</span>
      <span class="tab__numbers">{line().numbers}</span>
    </span>
  )
}
