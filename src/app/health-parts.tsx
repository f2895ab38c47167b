// The Health view and the findings of a tab, loaded when one of them is shown.
import { type JSX, lazy, Suspense, untrack } from 'solid-js'
import type { Instance } from '#contract/instance'
import type { HealthStore } from '../state/health-store.ts'

const View = lazy(async () => ({ default: (await import('../features/health/health-view.tsx')).HealthView }))
const Findings = lazy(async () => ({
  default: (await import('../features/health/instance-findings.tsx')).InstanceFindings,
}))

export function HealthPart(props: { store: HealthStore }): JSX.Element {
  return (
    <Suspense>
      <View store={untrack(() => props.store)} />
    </Suspense>
  )
}

export function InstanceFindingsPart(props: {
  instance: Instance
  store: HealthStore
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
}): JSX.Element {
  return (
    <Suspense>
      <Findings {...props} />
    </Suspense>
  )
}
