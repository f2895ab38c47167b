// The cells of the table.
import { Flag } from 'lucide'
import { For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { formatBytes } from '#contract/units'
import { USAGE_SAMPLES } from '#contract/usage'
import { quietWords } from '#contract/use'
import { visibleLine } from '#contract/visible-text'
import { flagTitle } from '../../state/flag-words.ts'
import { mainReason } from '../../state/instance-words.ts'
import { labelLines, labelParts } from '../../state/label-words.ts'
import { usePage } from '../../state/page-context.ts'
import { cpuTraceWords, memoryTraceWords, paddedSamples } from '../../state/usage-words.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import type { Samples } from '../../ui/sparkline-path.ts'

/** The data of the cells of a row. */
export interface RowProps {
  instance: Instance
  /** Memory of the largest instance. */
  largestBytes: number
  /** The CPU use at the top of a curve: the same for all rows, so that the curves can be compared. */
  fullPercent: number
  nowMs: number
  /** Called for a click on the row or its title. */
  onPick: (id: string) => void
}

const TRACE = { width: 48, height: 16 }

export function StateCell(row: RowProps): JSX.Element {
  return (
    <span class="all__mark" title={row.instance.verdict.evidence.map(visibleLine).join('\n')}>
      <Mark shape={STATE_SHAPES[row.instance.state]} tone={row.instance.colour} />
      <span class="all__word chip">{row.instance.state}</span>
    </span>
  )
}

export function TitleCell(row: RowProps): JSX.Element {
  return (
    <>
      <div class="all__name">
        <button
          type="button"
          class="all__open"
          title={visibleLine(row.instance.title)}
          onClick={(event) => {
            event.stopPropagation()
            row.onPick(row.instance.id)
          }}
        >
          {visibleLine(row.instance.title)}
        </button>
        <FlagChips instance={row.instance} />
        <LabelChips instance={row.instance} />
      </div>
      <Show when={row.instance.colour === 'red'}>
        <span class="all__reason">{mainReason(row.instance)}</span>
      </Show>
      <Show when={quietWords(row.instance, row.nowMs)}>
        {(words) => <span class="all__quiet muted">{words()}</span>}
      </Show>
    </>
  )
}

export function MemoryCell(row: RowProps): JSX.Element {
  return (
    <Show when={row.instance.memoryBytes !== null} fallback={<NoValue />}>
      <span class="all__curve-words">
        <MemoryCurve instance={row.instance} largestBytes={row.largestBytes} {...TRACE} />
        <span class="all__memory-words">{formatBytes(row.instance.memoryBytes)}</span>
      </span>
    </Show>
  )
}

/** Its memory in the last hour. */
export function MemoryCurve(props: {
  instance: Instance
  largestBytes: number
  width: number
  height: number
}): JSX.Element {
  const { usage } = usePage()
  const samples = (): Samples => paddedSamples(usage.of(props.instance.id)?.memoryMb, USAGE_SAMPLES)
  const words = (): string => memoryTraceWords(usage.of(props.instance.id))
  return (
    <span class="all__curve" title={words()}>
      <Sparkline
        values={samples()}
        label={words()}
        width={props.width}
        height={props.height}
        max={props.largestBytes / 1e6}
        tone={props.instance.colour}
      />
    </span>
  )
}

export function CpuCell(row: RowProps): JSX.Element {
  const { usage } = usePage()
  const samples = (): Samples => paddedSamples(usage.of(row.instance.id)?.cpuPercent, USAGE_SAMPLES)
  return (
    <span class="all__curve-words" title={cpuTraceWords(usage.of(row.instance.id))}>
      <Sparkline
        values={samples()}
        label={cpuTraceWords(usage.of(row.instance.id))}
        {...TRACE}
        max={row.fullPercent}
      />
      <Value text={percent(row.instance.cpuPercent)} />
    </span>
  )
}

/** The label of its project, and whether it is left alone. */
export function LabelChips(props: { instance: Instance }): JSX.Element {
  return (
    <For each={labelParts(props.instance)}>
      {(part) => (
        <span class="flag" title={labelLines(props.instance).join('\n')}>
          {part}
        </span>
      )}
    </For>
  )
}

/** The first flag, and the number of further flags. */
export function FlagChips(props: { instance: Instance }): JSX.Element {
  const first = (): Instance['flags'][number] | undefined => props.instance.flags[0]
  const others = (): Instance['flags'] => props.instance.flags.slice(1)
  return (
    <Show when={first()}>
      {(flag) => (
        <>
          <span class="flag flag--long" title={flagTitle(props.instance, flag())}>
            {flag()}
          </span>
          <Show when={others().length > 0}>
            <span class="flag flag--long" title={others().join(', ')}>
              <span aria-hidden="true">+{others().length}</span>
              <span class="visually-hidden">{others().join(', ')}</span>
            </span>
          </Show>
          {/* Instead of the others, where they do not fit. */}
          <span class="flag flag--count" title={props.instance.flags.join(', ')}>
            <Icon of={Flag} px={12} />
            <span aria-hidden="true">{props.instance.flags.length}</span>
            <span class="visually-hidden">{props.instance.flags.join(', ')}</span>
          </span>
        </>
      )}
    </Show>
  )
}

/** Returns `12 %`; null: unknown. */
export const percent = (value: number | null): string | null => (value === null ? null : `${value} %`)

export function NoValue(props: { reason?: string | undefined }): JSX.Element {
  return (
    <span class="muted" title={props.reason ?? 'unknown'}>
      –
    </span>
  )
}

export function Value(props: {
  /** Null: no value. */
  text: string | null
  title?: string | undefined
  /** Tooltip that explains why there is no value. */
  reason?: string | undefined
}): JSX.Element {
  return (
    <Show when={props.text} fallback={<NoValue reason={props.reason} />}>
      {(text) => <span title={props.title ?? text()}>{text()}</span>}
    </Show>
  )
}
