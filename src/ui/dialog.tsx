// A dialog by the headless library: focus goes in and is given back, Escape asks to close. What lies below it is to be made
// `inert` by whoever opens it: the library's own way of hiding it sometimes comes late and then stays.
import * as Kobalte from '@kobalte/core/dialog'
import { type JSX, Show } from 'solid-js'
import './dialog.css'

export function Dialog(props: {
  title: string
  /** What is asked of whoever wants to close it; it stays open until it is taken away. */
  onClose: () => void
  isWide?: boolean
  /** False: a wide one is as high as what is in it. */
  isTall?: boolean
  /** Where one writes or reads first; absent: the library's choice, the first control. */
  firstFocus?: () => HTMLElement | undefined
  children: JSX.Element
  footer?: JSX.Element
}): JSX.Element {
  return (
    <Kobalte.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose()
      }}
      preventScroll={false}
    >
      <Kobalte.Portal>
        <Kobalte.Overlay class="dialog__overlay" />
        <div class="dialog__place">
          <Kobalte.Content
            class="dialog"
            classList={{
              'dialog--wide': props.isWide === true,
              'dialog--tall': props.isWide === true && props.isTall !== false,
            }}
            onInteractOutside={(event) => event.preventDefault()}
            onOpenAutoFocus={(event) => {
              const first = props.firstFocus?.()
              if (first === undefined) return
              event.preventDefault()
              first.focus()
            }}
          >
            <header class="dialog__head">
              <Kobalte.Title class="dialog__title">{props.title}</Kobalte.Title>
              <Kobalte.CloseButton class="button button--quiet button--icon" aria-label="Close">
                ✕
              </Kobalte.CloseButton>
            </header>
            <div class="dialog__body">{props.children}</div>
            <Show when={props.footer}>
              <footer class="dialog__foot">{props.footer}</footer>
            </Show>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}
