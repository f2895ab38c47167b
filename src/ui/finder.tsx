// A button that opens a searchable list, for lists that are too long to scan.
import * as Kobalte from '@kobalte/core/popover'
import { createSignal, type JSX } from 'solid-js'
import { FinderList, type FinderProps } from './finder-list.tsx'
import './menu.css'
import './finder.css'

export function Finder<Item extends { id: string }>(props: FinderProps<Item>): JSX.Element {
  const [isOpen, setIsOpen] = createSignal(false)
  return (
    <Kobalte.Root open={isOpen()} onOpenChange={setIsOpen} gutter={4} placement="bottom-end">
      <Kobalte.Trigger class={props.class} aria-label={props.label} title={props.label}>
        {props.trigger}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="menu finder" aria-label={props.label}>
          <FinderList {...props} onClose={() => setIsOpen(false)} />
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}
