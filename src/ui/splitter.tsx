// A handle between two areas that changes the width of the first one, with the pointer or the arrow keys.
import type { JSX } from 'solid-js'
import './splitter.css'

const STEP_PX = 16

export function Splitter(props: {
  label: string
  px: number
  minPx: number
  maxPx: number
  onChange: (px: number) => void
}): JSX.Element {
  const change = (px: number): void =>
    props.onChange(Math.round(Math.min(Math.max(px, props.minPx), props.maxPx)))
  let start: { px: number; x: number } | null = null
  return (
    <div
      role="separator"
      class="splitter"
      aria-label={props.label}
      aria-orientation="vertical"
      aria-valuenow={props.px}
      aria-valuemin={props.minPx}
      aria-valuemax={props.maxPx}
      tabIndex={0}
      onPointerDown={(event) => {
        start = { px: props.px, x: event.clientX }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (start !== null) change(start.px + event.clientX - start.x)
      }}
      onPointerUp={() => (start = null)}
      onPointerCancel={() => (start = null)}
      onKeyDown={(event) => {
        const px = pxAfterKey(event.key, props)
        if (px === null) return
        event.preventDefault()
        change(px)
      }}
    />
  )
}

/** Returns the width after a key; null: another key. */
function pxAfterKey(
  key: string,
  { px, minPx, maxPx }: { px: number; minPx: number; maxPx: number },
): number | null {
  if (key === 'ArrowLeft') return px - STEP_PX
  if (key === 'ArrowRight') return px + STEP_PX
  if (key === 'Home') return minPx
  return key === 'End' ? maxPx : null
}
