// The picture of the hub: programs, Serenas and the links between them. Loaded when it is shown.
import { createMemo, createSignal, For, type JSX } from 'solid-js'
import type { HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { createElementWidth } from '../../state/element-width.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { csvOf } from '../../ui/csv.ts'
import { Picture } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { shortened } from '../../ui/shortened.ts'
import {
  hubMap,
  type MapLink,
  type MapProgram,
  type MapSerena,
  mapRows,
  mapWords,
  PROGRAM_PX,
  SERENA_PX,
} from './hub-map.ts'
import './hub-picture.css'

const TEXT_PX = 12
const SMALL_LETTER_PX = 6.3
const BOLD_LETTER_PX = 7.6

export interface HubPictureProps {
  hub: HubStatus
  instances: readonly Instance[]
}

/** What the pointer is on: its links stand out. */
type Spot = { program: string } | { serenaId: string } | null

export function HubPicture(props: HubPictureProps): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const [spot, setSpot] = createSignal<Spot>(null)
  const map = createMemo(() => hubMap(props.hub, props.instances))
  const programPx = (): number => Math.min(260, Math.round(width() * 0.36))
  const serenaPx = (): number => Math.min(420, Math.round(width() * 0.46))
  const serenaX = (): number => width() - serenaPx()
  const isDim = (link: MapLink): boolean => {
    const at = spot()
    if (at === null) return false
    return 'program' in at ? at.program !== link.program : at.serenaId !== link.serenaId
  }
  return (
    <div class="hub__picture" ref={(element) => (root = element)}>
      <Picture
        title="Clients and Serenas"
        summary={mapWords(props.hub, map())}
        rows={() => mapRows(map())}
        copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
      >
        <svg
          class="hub-map"
          data-picture=""
          role="img"
          aria-label={mapWords(props.hub, map())}
          width={width()}
          height={map().height}
          onPointerLeave={() => setSpot(null)}
        >
          <For each={map().links}>
            {(link) => <Link link={link} fromX={programPx()} toX={serenaX()} isDim={isDim(link)} />}
          </For>
          <For each={map().programs}>
            {(program) => (
              <Program
                program={program}
                width={programPx()}
                onEnter={() => setSpot({ program: program.name })}
              />
            )}
          </For>
          <For each={map().serenas}>
            {(one) => (
              <Serena
                one={one}
                x={serenaX()}
                width={serenaPx()}
                onEnter={() => setSpot({ serenaId: one.serena.id })}
              />
            )}
          </For>
        </svg>
      </Picture>
    </div>
  )
}

function Link(props: { link: MapLink; fromX: number; toX: number; isDim: boolean }): JSX.Element {
  const middle = (): number => (props.fromX + props.toX) / 2
  const path = (): string =>
    `M${props.fromX} ${props.link.fromY}C${middle()} ${props.link.fromY} ${middle()} ${props.link.toY} ${props.toX} ${props.link.toY}`
  return (
    <path
      class="hub-map__link"
      classList={{
        'hub-map__link--busy': props.link.isBusy,
        'hub-map__link--asleep': props.link.isAsleep,
        'hub-map__link--dim': props.isDim,
      }}
      d={path()}
      stroke-width={props.link.width}
    />
  )
}

function Program(props: { program: MapProgram; width: number; onEnter: () => void }): JSX.Element {
  const name = (): string => visibleLine(props.program.name)
  return (
    <g onPointerEnter={() => props.onEnter()}>
      <title>{`${name()}: ${props.program.words}`}</title>
      <rect
        class="hub-map__box"
        x={0.5}
        y={props.program.y - PROGRAM_PX / 2}
        width={props.width - 1}
        height={PROGRAM_PX}
        rx={6}
      />
      <text class="hub-map__name" x={TEXT_PX} y={props.program.y - 3}>
        {shortened(name(), props.width - 2 * TEXT_PX, BOLD_LETTER_PX)}
      </text>
      <text class="hub-map__words" x={TEXT_PX} y={props.program.y + 13}>
        {shortened(props.program.words, props.width - 2 * TEXT_PX, SMALL_LETTER_PX)}
      </text>
    </g>
  )
}

function Serena(props: { one: MapSerena; x: number; width: number; onEnter: () => void }): JSX.Element {
  const memory = (): string =>
    props.one.serena.memoryBytes === null ? '' : formatBytes(props.one.serena.memoryBytes)
  const state = (): string => ` ${props.one.mark.word}`
  const namePx = (): number =>
    props.width - 2 * TEXT_PX - (memory().length + state().length + 1) * SMALL_LETTER_PX - 8
  return (
    <g class={`hub-map__serena tint--${props.one.mark.tone}`} onPointerEnter={() => props.onEnter()}>
      <title>{`${props.one.name}, ${props.one.mark.word}: ${visibleLine(props.one.words)}`}</title>
      <rect
        class="hub-map__box hub-map__box--serena"
        x={props.x + 0.5}
        y={props.one.y - SERENA_PX / 2}
        width={props.width - 1}
        height={SERENA_PX}
        rx={6}
      />
      <rect class="hub-map__edge" x={props.x} y={props.one.y - SERENA_PX / 2} width={3} height={SERENA_PX} />
      <text class="hub-map__name" x={props.x + TEXT_PX} y={props.one.y - 4}>
        {shortened(props.one.name, namePx(), BOLD_LETTER_PX)}
        <tspan class="hub-map__state">{state()}</tspan>
      </text>
      <text class="hub-map__name" x={props.x + props.width - TEXT_PX} y={props.one.y - 4} text-anchor="end">
        {memory()}
      </text>
      <text class="hub-map__words" x={props.x + TEXT_PX} y={props.one.y + 13}>
        {shortened(visibleLine(props.one.words), props.width - 2 * TEXT_PX, SMALL_LETTER_PX)}
      </text>
    </g>
  )
}
