// All instances as cards of two lines, for a narrow window.
import { createMemo, Index, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { formatBytes } from '#contract/units'
import { quietWords } from '#contract/use'
import { visibleLine } from '#contract/visible-text'
import { mainReason, secondLine } from '../../state/instance-words.ts'
import { Mark } from '../../ui/mark.tsx'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { FlagChips, LabelChips, MemoryCurve, NoValue } from './cells.tsx'
import { createTableLayout, type TableLayout } from './create-table-layout.ts'
import { HelperList } from './helper-list.tsx'
import type { TableProps } from './instance-table.tsx'
import { RowCheckbox } from './row-checkbox.tsx'
import { RowEnding } from './row-ending.tsx'
import { SectionHead } from './section-head.tsx'
import { hasHead, type Section } from './sections.ts'
import './instance-cards.css'

const PIECE_CARDS = 5
const CARD_PX = 45

export function InstanceCards(props: TableProps): JSX.Element {
  let root!: HTMLElement
  const layout = createTableLayout(
    props,
    () => 0,
    () => props.selection.isOn(),
  )
  const positions = createMemo(
    () =>
      new Map(
        layout
          .sections()
          .flatMap(({ instances }) => instances.map(({ id }) => id))
          .map((id, at) => [id, at + 1]),
      ),
  )
  return (
    <div class="all" ref={(element) => (root = element)}>
      <div role="list" class="cards" aria-label="Instances">
        <Index each={layout.sections()}>
          {(section) => (
            <SectionCards
              {...props}
              section={section()}
              layout={layout}
              positions={positions()}
              root={() => root}
            />
          )}
        </Index>
      </div>
      <HelperList helpers={props.helpers} nowMs={props.nowMs} />
    </div>
  )
}

function SectionCards(
  props: TableProps & {
    section: Section
    layout: TableLayout
    positions: ReadonlyMap<string, number>
    root: () => HTMLElement
  },
): JSX.Element {
  const isMany = (): boolean => props.instances.length > MANY
  const pick = (id: string): void => (props.selection.isOn() ? props.selection.toggle(id) : props.onOpen(id))
  return (
    <Pieces
      items={props.section.instances}
      isMany={isMany()}
      size={PIECE_CARDS}
      estimatedPx={CARD_PX}
      as="div"
      root={props.root}
      head={
        hasHead(props.section)
          ? () => (
              <div role="listitem" class="all__group cards__group">
                <SectionHead section={props.section} onToggle={props.layout.toggle} />
              </div>
            )
          : undefined
      }
    >
      {(instance) => (
        <Card
          {...props}
          instance={instance()}
          onPick={pick}
          largestBytes={props.layout.largestBytes()}
          position={isMany() ? props.positions.get(instance().id) : undefined}
          count={isMany() ? props.positions.size : undefined}
        />
      )}
    </Pieces>
  )
}

interface CardProps extends TableProps {
  instance: Instance
  onPick: (id: string) => void
  /** Memory of the largest instance. */
  largestBytes: number
  /** Position in the list, from 1; undefined: all are rendered. */
  position: number | undefined
  count: number | undefined
}

function Card(props: CardProps): JSX.Element {
  return (
    <div
      role="listitem"
      class={`card all__row all__row--${props.instance.colour} tint--${props.instance.colour}`}
      classList={{ 'all__row--selected': props.selection.has(props.instance.id) }}
      aria-posinset={props.position}
      aria-setsize={props.count}
      data-instance={props.instance.id}
      onClick={() => props.onPick(props.instance.id)}
    >
      <Show when={props.selection.isOn()}>
        <RowCheckbox instance={props.instance} selection={props.selection} />
      </Show>
      <div class="card__text">
        <CardTitle {...props} />
        <SecondLine instance={props.instance} nowMs={props.nowMs} />
      </div>
      <MemoryCurve instance={props.instance} largestBytes={props.largestBytes} width={56} height={20} />
      <span class="card__memory">
        <Show when={props.instance.memoryBytes !== null} fallback={<NoValue />}>
          {formatBytes(props.instance.memoryBytes)}
        </Show>
      </span>
      <Show when={props.instance.colour === 'red' && !props.selection.isOn()}>
        <RowEnding instance={props.instance} />
      </Show>
    </div>
  )
}

function CardTitle(props: CardProps): JSX.Element {
  return (
    <div class="card__title">
      <Mark shape={STATE_SHAPES[props.instance.state]} tone={props.instance.colour} />
      <button
        type="button"
        class="all__open card__name"
        title={visibleLine(props.instance.title)}
        onClick={(event) => {
          event.stopPropagation()
          props.onPick(props.instance.id)
        }}
      >
        {visibleLine(props.instance.title)}
      </button>
      <span class="chip" title={props.instance.verdict.evidence.map(visibleLine).join('\n')}>
        {props.instance.state}
      </span>
      <FlagChips instance={props.instance} />
      <LabelChips instance={props.instance} />
    </div>
  )
}

/** The reason of a red instance; otherwise owner, port, and the last activity or how long it is unused. */
function SecondLine(props: { instance: Instance; nowMs: number }): JSX.Element {
  const line = (): { words: string; numbers: string } => secondLine(props.instance, props.nowMs)
  const quiet = (): string | null => quietWords(props.instance, props.nowMs)
  return (
    <Show
      when={props.instance.colour !== 'red'}
      fallback={
        <p class="card__second all__reason" title={mainReason(props.instance)}>
          {mainReason(props.instance)}
        </p>
      }
    >
      <p class="card__second muted">
        <span class="card__words">{line().words}</span>
        <span class="card__numbers">{quiet() ?? line().numbers}</span>
      </p>
    </Show>
  )
}
