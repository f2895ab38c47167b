import { Pin } from 'lucide'
import type { JSX } from 'solid-js'
import { Icon } from '../../ui/icon.tsx'

/** Keeps the native window above other windows. */
export function PinButton(props: { isPinned: boolean; onPin: (isPinned: boolean) => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button button--quiet button--icon"
      aria-label="Keep above other windows"
      title="Keep above other windows"
      aria-pressed={props.isPinned}
      onClick={() => props.onPin(!props.isPinned)}
    >
      <Icon of={Pin} />
    </button>
  )
}
