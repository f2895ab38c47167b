// Long lists in pieces: a piece that is far from where one looks is an empty box of its size. A row costs the web engine some
// hundred kilobytes, seen or not.
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

/** Up to here a list is drawn whole: nothing of it ever has to come. */
export const MANY = 40
/** Rows are there before they are scrolled to. */
const NEAR_PX = 150

interface PiecesProps<Item extends { id: string }> {
  items: readonly Item[]
  /** False: one piece, always drawn. */
  isMany: boolean
  /** So many items in each. */
  size: number
  /** What an item is long before one was measured, CSS pixels. */
  guessPx: number
  as: 'div' | 'tbody'
  class?: string
  isHorizontal?: boolean
  /** What scrolls. */
  root: () => HTMLElement
  /** Its piece is drawn wherever one looks. */
  isKept?: (item: Item) => boolean
  /** A piece came, went, or got another length: what stands behind it has moved. */
  onMoved?: () => void
  /** Stands in for a piece that is far. */
  far?: (px: number) => JSX.Element
  /** Stands before the first one. */
  head?: (() => JSX.Element) | undefined
  children: (item: Accessor<Item>) => JSX.Element
}

/** `items` drawn by `children` where they are near, in boxes of `as`. */
export function Pieces<Item extends { id: string }>(props: PiecesProps<Item>): JSX.Element {
  const [measuredPx, setMeasuredPx] = createSignal<number | null>(null)
  const pieces = createMemo(() => {
    const items = props.items
    const size = props.isMany ? props.size : Math.max(1, items.length)
    // A head without items is a piece of its own.
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
          itemPx={measuredPx() ?? props.guessPx}
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
  const isDrawn = createMemo(
    () =>
      !props.isMany ||
      props.items.length === 0 ||
      isNear() ||
      props.items.some((item) => props.isKept?.(item) === true),
  )
  const farPx = (): number => ownPx() ?? props.itemPx * props.items.length

  createEffect(on([isDrawn, farPx], () => props.onMoved?.(), { defer: true }))
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
    if (isDrawn() && px > 0 && !(props.isFirst && props.head)) {
      setOwnPx(px)
      props.onMeasure(px / props.items.length)
    }
    // What has the focus stays.
    setIsNear(isIntersecting || box.contains(document.activeElement))
  }

  return (
    <Dynamic
      component={props.as}
      ref={(element: HTMLElement) => (box = element)}
      class={props.class}
      style={
        isDrawn() || props.far ? {} : { [props.isHorizontal ? 'min-width' : 'min-height']: `${farPx()}px` }
      }
    >
      {props.isFirst && props.head?.()}
      <Show when={isDrawn()} fallback={props.far?.(farPx())}>
        <Key each={props.items} by="id">
          {(item) => props.children(item)}
        </Key>
      </Show>
    </Dynamic>
  )
}
