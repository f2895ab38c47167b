// Long lists in pieces: a piece outside the viewport is replaced by an empty box of the same size. Each rendered row costs the web
// engine several hundred kilobytes, visible or not. Not virtua's `Virtualizer`: it positions items absolutely, which breaks the columns
// of a table and the widths of a tab bar.
import { Key } from '@solid-primitives/keyed'
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  Index,
  type JSX,
  on,
  onCleanup,
  Show,
} from 'solid-js'
import { Dynamic } from 'solid-js/web'

/** Lists up to this length are rendered completely. */
export const MANY = 40
/** Distance from the viewport at which a piece is rendered. */
const NEAR_PX = 150

interface PiecesProps<Item extends { id: string }> {
  items: readonly Item[]
  /** False: all items are in one piece, which is always rendered. */
  isMany: boolean
  /** Items per piece. */
  size: number
  /** Estimated length of an item before one is measured, CSS pixels. */
  estimatedPx: number
  as: 'div' | 'tbody'
  class?: string
  isHorizontal?: boolean
  /** The scrolling element. */
  root: () => HTMLElement
  /** Returns true for an item whose piece is always rendered. */
  isAlwaysRendered?: (item: Item) => boolean
  /** Called when a piece was rendered, removed or resized: items after it have moved. */
  onMoved?: () => void
  /** Replaces a piece that is not rendered. */
  placeholder?: (px: number) => JSX.Element
  /** Rendered before the first item. */
  head?: (() => JSX.Element) | undefined
  children: (item: Accessor<Item>) => JSX.Element
}

/** Renders the items near the viewport with `children`, in elements of type `as`. */
export function Pieces<Item extends { id: string }>(props: PiecesProps<Item>): JSX.Element {
  const [measuredPx, setMeasuredPx] = createSignal<number | null>(null)
  const pieces = createMemo(() => {
    const items = props.items
    const size = props.isMany ? props.size : Math.max(1, items.length)
    // A head without items also needs a piece.
    const count = Math.max(props.head ? 1 : 0, Math.ceil(items.length / size))
    return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size))
  })
  return (
    <Index each={pieces()}>
      {(items, at) => (
        <Piece
          {...props}
          items={items()}
          isFirst={at === 0}
          itemPx={measuredPx() ?? props.estimatedPx}
          onMeasure={setMeasuredPx}
        />
      )}
    </Index>
  )
}

function Piece<Item extends { id: string }>(
  props: PiecesProps<Item> & { isFirst: boolean; itemPx: number; onMeasure: (itemPx: number) => void },
): JSX.Element {
  let box!: HTMLElement
  const [isNear, setIsNear] = createSignal(false)
  const [ownPx, setOwnPx] = createSignal<number | null>(null)
  const isRendered = createMemo(
    () =>
      !props.isMany ||
      props.items.length === 0 ||
      isNear() ||
      props.items.some((item) => props.isAlwaysRendered?.(item) === true),
  )
  const placeholderPx = (): number => ownPx() ?? props.itemPx * props.items.length

  createEffect(on([isRendered, placeholderPx], () => props.onMoved?.(), { defer: true }))
  createEffect(() => {
    if (!props.isMany) return
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1)
        if (entry) move(entry)
      },
      { root: props.root(), rootMargin: `${NEAR_PX}px` },
    )
    observer.observe(box)
    onCleanup(() => observer.disconnect())
  })

  function move({ isIntersecting, boundingClientRect }: IntersectionObserverEntry): void {
    const px = props.isHorizontal ? boundingClientRect.width : boundingClientRect.height
    if (isRendered() && px > 0 && !(props.isFirst && props.head)) {
      setOwnPx(px)
      props.onMeasure(px / props.items.length)
    }
    // A piece with the focus stays rendered.
    setIsNear(isIntersecting || box.contains(document.activeElement))
  }

  return (
    <Dynamic
      component={props.as}
      ref={(element: HTMLElement) => (box = element)}
      class={props.class}
      style={
        isRendered() || props.placeholder
          ? {}
          : { [props.isHorizontal ? 'min-width' : 'min-height']: `${placeholderPx()}px` }
      }
    >
      {props.isFirst && props.head?.()}
      <Show when={isRendered()} fallback={props.placeholder?.(placeholderPx())}>
        <Key each={props.items} by="id">
          {(item) => props.children(item)}
        </Key>
      </Show>
    </Dynamic>
  )
}
