// The place of Overview's sections until the first answer.
import { For, type JSX } from 'solid-js'
import { Skeleton } from '../../ui/skeleton.tsx'

const CONFIGURATION_ROWS = 9
const CLOSED_SECTIONS = [0, 1, 2, 3]

export function OverviewSkeleton(): JSX.Element {
  return (
    <div class="overview__columns">
      <div class="overview__current">
        <div class="section overview__loading">
          <Skeleton rows={CONFIGURATION_ROWS} />
        </div>
      </div>
      <div class="overview__column" aria-hidden="true">
        <For each={CLOSED_SECTIONS}>{() => <div class="section overview__closed" />}</For>
      </div>
    </div>
  )
}
