// The section of Overview with memory and CPU of the last hour.
import type { JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createLazyPart } from '../../state/lazy-part.ts'
import { LazyView } from '../../ui/lazy-view.tsx'
import { type Folding, OverviewSection } from './overview-section.tsx'

const chart = createLazyPart(async () => (await import('./usage-chart.tsx')).UsageChart)

export function UsageSection(props: { instance: Instance; folding: Folding }): JSX.Element {
  return (
    <OverviewSection name="Last Hour" folding={props.folding}>
      <LazyView of={chart} with={{ instance: props.instance }} />
    </OverviewSection>
  )
}
