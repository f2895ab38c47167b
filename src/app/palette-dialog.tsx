// The command palette: type, then Enter.
import { type JSX, Show } from 'solid-js'
import { STATE_SHAPES } from '#contract/instance-marks'
import type { Command } from '../state/page-dialog.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FinderList } from '../ui/finder-list.tsx'
import { Mark } from '../ui/mark.tsx'
import '../ui/menu.css'
import '../ui/finder.css'

export function PaletteDialog(props: { commands: readonly Command[]; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      title="Commands"
      onClose={() => props.onClose()}
      firstFocus={() => document.querySelector<HTMLElement>('.palette input') ?? undefined}
    >
      <div class="palette finder">
        <FinderList
          label="Commands"
          searchLabel="Search instances, views and actions"
          class=""
          trigger=""
          items={props.commands}
          current={props.commands[0]?.id ?? ''}
          matches={isMatch}
          onSelect={(id) => props.commands.find((one) => one.id === id)?.run()}
          onClose={() => props.onClose()}
        >
          {(command) => (
            <>
              <Show when={command.instance}>
                {(instance) => <Mark shape={STATE_SHAPES[instance().state]} tone={instance().colour} />}
              </Show>
              <span class="finder__words">{command.label}</span>
              <span class="muted finder__hint">{command.hint}</span>
            </>
          )}
        </FinderList>
      </div>
    </Dialog>
  )
}

/** Returns whether each word of the search occurs in the command. */
const isMatch = ({ label, hint }: Command, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${label} ${hint}`.toLowerCase().includes(word))
