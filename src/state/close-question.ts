// The question before a dialog discards unsaved changes.
import { type Accessor, createEffect, createSignal, on } from 'solid-js'

export interface CloseQuestion {
  /** True while the dialog asks whether to discard the changes. */
  isAsked: Accessor<boolean>
  /** Closes the dialog, or asks first if there are unsaved changes; the second call closes it. */
  close(): void
  stay(): void
}

/** A save that finishes while the question is shown answers it: nothing is unsaved, so the dialog closes. */
export function createCloseQuestion(isDirty: Accessor<boolean>, onClose: () => void): CloseQuestion {
  const [isAsked, setIsAsked] = createSignal(false)
  createEffect(
    on(
      isDirty,
      (isNowDirty) => {
        if (isAsked() && !isNowDirty) onClose()
      },
      { defer: true },
    ),
  )
  return {
    isAsked,
    close() {
      if (isDirty() && !isAsked()) setIsAsked(true)
      else onClose()
    },
    stay: () => setIsAsked(false),
  }
}
