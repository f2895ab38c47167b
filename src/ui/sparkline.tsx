// A small curve of one value over time. One SVG with two paths: each further element costs the web engine memory in every row.
import { createMemo, type JSX, Show } from 'solid-js'
import type { Tone } from './mark.tsx'
import { type Samples, sparklinePaths } from './sparkline-path.ts'
import './sparkline.css'

export function Sparkline(props: {
  /** Equally spaced, oldest first, the newest at the right edge; null: not known. */
  values: Samples
  /** Text alternative, such as `Memory in the last hour: 180 MB to 191 MB`. Empty: the text beside it says the same. */
  label: string
  /** CSS pixels. */
  width: number
  height: number
  /** The value at the top; absent: the largest value. The same for all curves that are to be compared. */
  max?: number | undefined
  tone?: Tone | undefined
}): JSX.Element {
  const paths = createMemo(() => {
    const max = props.max ?? Math.max(0, ...props.values.map((value) => value ?? 0))
    // Space for half of the line's width at the top.
    return sparklinePaths(props.values, { width: props.width, height: props.height - 1, max })
  })
  return (
    <svg
      class={`sparkline tone--${props.tone ?? 'grey'}`}
      width={props.width}
      height={props.height}
      viewBox={`0 -1 ${props.width} ${props.height}`}
      role={props.label === '' ? undefined : 'img'}
      aria-label={props.label === '' ? undefined : props.label}
      aria-hidden={props.label === '' ? true : undefined}
    >
      <Show when={paths().line !== ''}>
        <path class="sparkline__area" d={paths().area} />
        <path class="sparkline__line" d={paths().line} />
      </Show>
    </svg>
  )
}
