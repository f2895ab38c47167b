// Short status messages, also for screen readers.
import { type Accessor, batch, createSignal } from 'solid-js'
import { messageOf } from '../client/call-error.ts'
import type { Platform } from '../platform/platform.ts'
import type { ToastAction } from '../state/page-context.ts'

const SHOWN_MS = 4_000
/** Time to decide. */
const SHOWN_WITH_ACTION_MS = 10_000

export interface Announcer {
  /** Empty: no message. */
  announcement: Accessor<string>
  /** The button beside the message; null: none. */
  action: Accessor<ToastAction | null>
  announce(sentence: string, action?: ToastAction): void
  /** Runs the action of the message that is shown, and removes it; false: there is none. */
  runAction(): boolean
  announceError(error: unknown): void
  copy(text: string, name: string): void
}

export function createAnnouncer(platform: Platform): Announcer {
  const [announcement, setAnnouncement] = createSignal('')
  const [action, setAction] = createSignal<ToastAction | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (sentence: string, next: ToastAction | null): void =>
    batch(() => {
      setAnnouncement(sentence)
      setAction(next)
    })
  const announce = (sentence: string, next?: ToastAction): void => {
    clearTimeout(timer)
    show(sentence, next ?? null)
    timer = setTimeout(() => show('', null), next ? SHOWN_WITH_ACTION_MS : SHOWN_MS)
  }
  return {
    announcement,
    action,
    announce,
    runAction() {
      const shown = action()
      if (shown === null) return false
      announce('')
      shown.run()
      return true
    },
    announceError: (error) => announce(messageOf(error)),
    copy: (text, name) =>
      void platform.copyText(text).then(
        () => announce(`Copied ${name}.`),
        () => announce('Cannot copy: the browser denied access to the clipboard.'),
      ),
  }
}
