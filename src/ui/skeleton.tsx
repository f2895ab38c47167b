// Grey lines in the place of what is being loaded, so that nothing moves when it arrives.
import { For, type JSX } from 'solid-js'
import './skeleton.css'

/** The lines differ in width, as text does. */
const WIDTHS_PERCENT = [38, 72, 56, 64, 30, 48]

export function Skeleton(props: {
  /** For screen readers. */
  label?: string
  rows: number
  /** CSS pixels of a row. */
  rowPx?: number
  /** Of a picture below the rows, in CSS pixels. */
  picturePx?: number
}): JSX.Element {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{props.label ?? 'Loading …'}</span>
      <For each={Array.from({ length: props.rows }, (_, at) => WIDTHS_PERCENT[at % WIDTHS_PERCENT.length])}>
        {(percent) => (
          <div class="skeleton__row" style={{ height: `${props.rowPx ?? 28}px` }} aria-hidden="true">
            <div class="skeleton__line" style={{ width: `${percent}%` }} />
          </div>
        )}
      </For>
      {props.picturePx === undefined ? null : (
        <div class="skeleton__picture" style={{ height: `${props.picturePx}px` }} aria-hidden="true" />
      )}
    </div>
  )
}
