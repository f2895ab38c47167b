// The findings about one instance, in its tab.
import { createMemo, For, type JSX, onMount, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import type { HealthStore } from '../../state/health-store.ts'
import { Section } from '../../ui/section.tsx'
import { FindingRow } from './finding-row.tsx'
import { findingsAbout } from './health-words.ts'

export function InstanceFindings(props: {
  instance: Instance
  store: HealthStore
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
}): JSX.Element {
  onMount(() => props.store.show())
  const findings = createMemo(() =>
    findingsAbout(props.store.health()?.report.findings ?? [], props.instance),
  )
  return (
    <Show when={findings().length > 0}>
      <Section
        title="Health"
        hint={String(findings().length)}
        isOpen={props.isOpen}
        onToggle={props.onToggle}
      >
        <ul class="health__list" aria-label="Health">
          <For each={findings()}>{(finding) => <FindingRow finding={finding} store={props.store} />}</For>
        </ul>
      </Section>
    </Show>
  )
}
