// The clients of an instance that the hub runs, in its tab.
import { createMemo, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { namedClients, serenaOf } from '../../state/hub-words.ts'
import { usePage } from '../../state/page-context.ts'
import { Section } from '../../ui/section.tsx'
import { ClientRows } from './client-rows.tsx'
import './hub.css'

export function ClientSection(props: {
  instance: Instance
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
}): JSX.Element {
  const page = usePage()
  const serena = createMemo(() => serenaOf(page.hub(), props.instance))
  return (
    <Show when={serena()}>
      {(known) => (
        <Section
          title="Clients"
          hint={known().clients.length > 1 ? `${known().clients.length} share this Serena` : undefined}
          isOpen={props.isOpen}
          onToggle={props.onToggle}
        >
          <Show
            when={known().clients.length > 0}
            fallback={
              <p class="muted">No client is connected. The hub keeps this Serena for the next one.</p>
            }
          >
            <ClientRows clients={namedClients(known(), props.instance)} />
          </Show>
        </Section>
      )}
    </Show>
  )
}
