// The dialogs of the page, as data.
import type { Instance } from '#contract/instance'

/** A command of the palette. */
export interface Command {
  id: string
  label: string
  /** Shown after the label, and searched. */
  hint: string
  /** Set for the tab of an instance. */
  instance?: Instance
  run: () => void
}

export type PageDialog =
  | {
      kind: 'memory'
      instanceId: string
      instanceTitle: string
      /** Null: a new memory. */
      name: string | null
      /** What was typed before and discarded. */
      draft?: { name: string; text: string }
    }
  | {
      kind: 'configuration'
      instanceId: string
      instanceTitle: string
      /** What was typed before and discarded. */
      draft?: string
    }
  | { kind: 'shortcuts' }
  /** The commands of the moment: a list that changes while it is open is clicked wrongly. */
  | { kind: 'palette'; commands: readonly Command[] }
  /** Moves the clients of the instance's project to the hub. */
  | { kind: 'share'; instanceId: string; projectName: string }
  | { kind: 'label'; instanceId: string }
  /** The start command as entries for clients. */
  | { kind: 'snippet'; instanceId: string; instanceTitle: string; client: string | null }
  | { kind: 'settings' }
  /** Fixes findings of the doctor. `onDone`: files were changed. */
  | { kind: 'fix'; title: string; ids: string[]; onDone: () => void }
  | {
      kind: 'ending'
      title: string
      /** Null: all red instances. */
      ids: string[] | null
      /** ISO 8601: instances with an MCP message after this time are not ended. */
      unusedSince?: string
    }
  | {
      kind: 'confirm'
      title: string
      text: string
      /** Label of the button. */
      action: string
      run: () => Promise<unknown>
    }
