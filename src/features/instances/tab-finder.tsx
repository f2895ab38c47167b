// A searchable list of all instances, for a bar of tabs that overflows. Loaded on first use.
import { ChevronDown } from 'lucide'
import { type JSX, onMount, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { visibleLine } from '#contract/visible-text'
import { matchesSearch } from '../../state/instance-filter.ts'
import { createLazyPart } from '../../state/lazy-part.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'

const finder = createLazyPart(() => import('../../ui/finder.tsx'))

export function TabFinder(props: {
  instances: readonly Instance[]
  selected: string
  onSelect: (id: string) => void
}): JSX.Element {
  onMount(() => {
    finder.load().catch(() => undefined)
  })
  return (
    <Show when={finder.part()}>
      {(part) => {
        const { Finder } = part()
        return (
          <Finder
            label={`List all ${props.instances.length} instances`}
            searchLabel="Search the list"
            class="button button--quiet button--icon tab-bar__more"
            trigger={<Icon of={ChevronDown} />}
            items={props.instances}
            current={props.selected}
            matches={(instance, search) => matchesSearch(search)(instance)}
            onSelect={(id) => props.onSelect(id)}
          >
            {(instance) => (
              <>
                <Mark shape={STATE_SHAPES[instance.state]} tone={instance.colour} />
                <span class="finder__words">{visibleLine(instance.title)}</span>
                <span class="visually-hidden">, {instance.state}</span>
              </>
            )}
          </Finder>
        )
      }}
    </Show>
  )
}
