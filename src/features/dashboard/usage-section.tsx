// The section of Overview with memory and CPU of the last hour.
import type { JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createLazyPart } from '../../state/lazy-part.ts'
import { LazyView } from '../../ui/lazy-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type Folding, OverviewSection } from './overview-section.tsx'

const chart = createLazyPart(async () => (await import('./usage-chart.tsx')).UsageChart)

/** Of the chart with its line of words. */
const CHART_PX = 140

export function UsageSection(props: { instance: Instance; folding: Folding }): JSX.Element {
  return (
    <OverviewSection name="Last Hour" folding={props.folding}>
      <LazyView
        of={chart}
        with={{ instance: props.instance }}
        skeleton={<Skeleton rows={2} rowPx={24} picturePx={CHART_PX} />}
      />
    </OverviewSection>
  )
}
