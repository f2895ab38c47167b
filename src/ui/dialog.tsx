// A dialog of the headless library, with focus handling and Escape. The caller makes the page below `inert`: the library
// sometimes hides the page late and then does not show it again.
import * as Kobalte from '@kobalte/core/dialog'
import { type JSX, Show } from 'solid-js'
import './dialog.css'

export function Dialog(props: {
  title: string
  /** Called when the user closes the dialog; it stays open until it is unmounted. */
  onClose: () => void
  isWide?: boolean
  /** False: a wide dialog is as tall as its content. */
  isTall?: boolean
  /** The element to focus first; absent: the dialog itself, so that no key changes anything by accident. */
  firstFocus?: () => HTMLElement | undefined
  children: JSX.Element
  footer?: JSX.Element
}): JSX.Element {
  let place!: HTMLDivElement
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
        <div class="dialog__place" ref={(element) => (place = element)}>
          <Kobalte.Content
            class="dialog"
            tabIndex={-1}
            classList={{
              'dialog--wide': props.isWide === true,
              'dialog--tall': props.isWide === true && props.isTall !== false,
            }}
            onInteractOutside={(event) => event.preventDefault()}
            onOpenAutoFocus={(event) => {
              event.preventDefault()
              const first = props.firstFocus?.() ?? place.querySelector<HTMLElement>('.dialog')
              first?.focus()
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
