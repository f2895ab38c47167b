// The place of Overview's sections until the first answer.
import { For, type JSX } from 'solid-js'
import { Skeleton } from '../../ui/skeleton.tsx'

const CONFIGURATION_ROWS = 9
const CLOSED_SECTIONS = [0, 1, 2, 3]

const ClosedColumn = (props: { class?: string }): JSX.Element => (
  <div class={`overview__column ${props.class ?? ''}`} aria-hidden="true">
    <For each={CLOSED_SECTIONS}>{() => <div class="section overview__closed" />}</For>
  </div>
)

export function OverviewSkeleton(): JSX.Element {
  return (
    <div class="overview__columns">
      <div class="overview__current">
        <div class="section overview__loading">
          <Skeleton rows={CONFIGURATION_ROWS} />
        </div>
        <ClosedColumn class="overview__wide" />
      </div>
      <ClosedColumn />
    </div>
  )
}
