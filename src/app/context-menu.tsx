// The context menu of an instance: on its tab, its row and its card, with the right button or the menu key.
import { createSignal, type JSX, Show, untrack } from 'solid-js'
import { formatPort } from '#contract/dashboard-address'
import { endingTitle } from '#contract/ending-words'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { MenuGroup, MenuItem } from '../ui/menu.tsx'
import { type MenuPlace, MenuSurface } from '../ui/menu-surface.tsx'
import type { PageModel } from './create-page-model.ts'

interface Opened {
  id: string
  place: MenuPlace
  /** Has the focus again when the menu closes. */
  from: HTMLElement | null
}

export interface ContextMenu {
  /** A listener of the whole page. */
  onContextMenu(event: MouseEvent): void
  view(): JSX.Element
}

export function createContextMenu(model: PageModel): ContextMenu {
  const [opened, setOpened] = createSignal<Opened | null>(null)
  const close = (hasFocus: boolean): void => {
    const from = untrack(opened)?.from
    setOpened(null)
    if (hasFocus) from?.focus()
  }
  return {
    onContextMenu(event) {
      const target = event.target instanceof Element ? event.target : null
      const id = target?.closest<HTMLElement>('[data-instance]')?.dataset['instance']
      // Selected text and fields keep the menu of the browser.
      if (id === undefined || target?.closest('input, textarea') || getSelection()?.isCollapsed === false)
        return
      event.preventDefault()
      const { clientX, clientY } = event
      const place = { left: clientX, right: clientX, top: clientY, bottom: clientY }
      const from = document.activeElement instanceof HTMLElement ? document.activeElement : null
      setOpened({ id, place, from })
    },
    view: () => (
      <Show when={opened()} keyed>
        {(menu) => (
          <Show when={model.deck.instance(menu.id)}>
            {(instance) => (
              <MenuSurface
                label={`Actions for ${visibleLine(instance().title)}`}
                place={() => menu.place}
                first="first"
                onClose={close}
              >
                <Items model={model} instance={instance()} />
              </MenuSurface>
            )}
          </Show>
        )}
      </Show>
    ),
  }
}

function Items(props: { model: PageModel; instance: Instance }): JSX.Element {
  const { deck, dialogs, tabMoves } = untrack(() => props.model)
  const isPinned = (): boolean => tabMoves.isPinned(props.instance.id)
  return (
    <>
      <MenuItem onSelect={() => deck.select(props.instance.id)}>Show</MenuItem>
      <MenuItem onSelect={() => tabMoves.setPinned(props.instance.id, !isPinned())}>
        {isPinned() ? 'Unpin tab' : 'Pin tab'}
      </MenuItem>
      <MoveItems {...props} />
      <CopyItems {...props} />
      <Show when={props.instance.pid !== null && props.instance.state !== 'unknown'}>
        <MenuItem
          onSelect={() => {
            const title = endingTitle([props.instance])
            dialogs.open({ kind: 'ending', title, ids: [props.instance.id] })
          }}
        >
          {props.instance.state === 'dead' ? 'Remove entry …' : 'End this instance …'}
        </MenuItem>
      </Show>
    </>
  )
}

function MoveItems(props: { model: PageModel; instance: Instance }): JSX.Element {
  const { tabMoves } = untrack(() => props.model)
  const places = (): readonly [string, string] =>
    props.model.hasSideList() === true ? ['up', 'down'] : ['left', 'right']
  const item = (step: 1 | -1): JSX.Element => (
    <Show when={tabMoves.canMove(props.instance.id, step)}>
      <MenuItem onSelect={() => tabMoves.onMoveBy(props.instance.id, step)}>
        Move tab {places()[step === -1 ? 0 : 1]}
      </MenuItem>
    </Show>
  )
  return (
    <>
      {item(-1)}
      {item(1)}
    </>
  )
}

const inSentence = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1)

function CopyItems(props: { model: PageModel; instance: Instance }): JSX.Element {
  const { announcer } = untrack(() => props.model)
  const copies = (): readonly [string, string | null | undefined][] => [
    ['Title', visibleLine(props.instance.title)],
    ['Process ID', props.instance.pid?.toString()],
    ['Port', props.instance.port === null ? null : formatPort(props.instance).replace(/^:/, '')],
    ['Project path', props.instance.project?.path],
  ]
  const item = (at: number): JSX.Element => (
    <Show when={copies()[at]?.[1]}>
      {(text) => (
        <MenuItem onSelect={() => announcer.copy(text(), `the ${inSentence(copies()[at]?.[0] ?? '')}`)}>
          {copies()[at]?.[0]}
        </MenuItem>
      )}
    </Show>
  )
  return <MenuGroup label="Copy">{[0, 1, 2, 3].map(item)}</MenuGroup>
}
