// The tabs: All, then one per instance. A strip above the selected one, or a list beside it in a wide window.
import { createMemo, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { ALL } from '../../state/tab-selection.ts'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { Tab, TabList } from '../../ui/tabs.tsx'
import { createTabDrag } from './create-tab-drag.ts'
import { createTabScroll } from './create-tab-scroll.ts'
import { InstanceTab } from './instance-tab.tsx'
import { TabFinder } from './tab-finder.tsx'
import './tab-bar.css'

const PIECE_TABS = 5
const TAB_WIDTH_PX = 160
const TAB_HEIGHT_PX = 45

export interface TabMoves {
  isPinned: (id: string) => boolean
  /** Moves a tab in front of another; null: to the end. */
  onMove: (id: string, before: string | null) => void
  /** Moves a tab by one place; does nothing at the ends. */
  onMoveBy: (id: string, step: 1 | -1) => void
}

interface TabBarProps {
  instances: readonly Instance[]
  selected: string
  onSelect: (id: string) => void
  nowMs: number
  isNew: (id: string) => boolean
  /** True: the list beside the selected tab. */
  isSide: boolean
  moves: TabMoves
}

/** Of many tabs only some are rendered, each with its place. */
type Position = { index: number; count: number } | undefined

export function TabBar(props: TabBarProps): JSX.Element {
  let list!: HTMLElement
  const scroll = createTabScroll({
    list: () => list,
    isBar: () => !props.isSide,
    selected: () => props.selected,
    count: () => props.instances.length,
  })
  createTabDrag({
    list: () => list,
    isVertical: () => props.isSide,
    onMove: (id, before) => props.moves.onMove(id, before),
  })
  const ids = createMemo(() => [ALL, ...props.instances.map(({ id }) => id)])
  const indexById = createMemo(() => new Map(ids().map((id, at) => [id, at + 1])))
  const positionOf = (id: string): Position =>
    props.instances.length > MANY ? { index: indexById().get(id) ?? 0, count: indexById().size } : undefined
  const moveSelected = (step: 1 | -1): void => {
    if (props.selected === ALL) return
    props.moves.onMoveBy(props.selected, step)
    // An element that is moved loses the focus.
    queueMicrotask(() => list.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus())
  }
  return (
    <div class="tab-bar" classList={{ 'tab-bar--side': props.isSide }}>
      <TabList
        label="Serena instances"
        class="tab-bar__list"
        values={ids()}
        ref={(element) => (list = element)}
        onMove={moveSelected}
      >
        <Tab value={ALL} label="All" class="tab tab--all" position={positionOf(ALL)}>
          <span class="tab__title" data-title="All">
            All
          </span>
        </Tab>
        <InstanceTabs {...props} list={() => list} positionOf={positionOf} onMoved={scroll.onMoved} />
      </TabList>
      <Show when={!props.isSide && scroll.isOverflowing()}>
        <TabFinder instances={props.instances} selected={props.selected} onSelect={props.onSelect} />
      </Show>
    </div>
  )
}

function InstanceTabs(
  props: TabBarProps & {
    list: () => HTMLElement
    positionOf: (id: string) => Position
    onMoved: () => void
  },
): JSX.Element {
  return (
    <Pieces
      items={props.instances}
      isMany={props.instances.length > MANY}
      size={PIECE_TABS}
      estimatedPx={props.isSide ? TAB_HEIGHT_PX : TAB_WIDTH_PX}
      as="div"
      class="tab-bar__piece"
      isHorizontal={!props.isSide}
      root={props.list}
      isAlwaysRendered={({ id }) => id === props.selected}
      onMoved={props.onMoved}
    >
      {(instance) => (
        <InstanceTab
          instance={instance()}
          position={props.positionOf(instance().id)}
          isNew={props.isNew(instance().id)}
          isPinned={props.moves.isPinned(instance().id)}
          hasDetails={props.isSide}
          nowMs={props.nowMs}
        />
      )}
    </Pieces>
  )
}
