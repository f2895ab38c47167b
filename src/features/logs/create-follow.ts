// Keeps a log scrolled to its end until the user scrolls up.
import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { VListHandle } from 'virtua/solid'
import type { LogLine } from '../../state/log-state.ts'

/** A scroll position this close to the end counts as the end. */
const END_SLACK_PX = 24
/** A scroll within this time after an input event was made by the user; any other is caused by lines that changed their height. */
const INPUT_MS = 1_000
const INPUT_EVENTS = ['wheel', 'touchmove', 'pointerdown', 'keydown']

export interface Follow {
  isFollowing: Accessor<boolean>
  toggle(): void
  setList(list: VListHandle | undefined): void
  /** Observes the size of the frame and the input events in it. */
  watch(frame: HTMLElement): void
  onScroll(offset: number): void
}

export function createFollow(log: {
  lines: Accessor<readonly LogLine[]>
  isWrapped: Accessor<boolean>
}): Follow {
  const [isFollowing, setIsFollowing] = createSignal(true)
  let list: VListHandle | undefined
  let lastInputMs = Number.NEGATIVE_INFINITY
  /** The last input was the wheel, upwards. */
  let isUpward = false
  const onInput = (event: Event): void => {
    lastInputMs = performance.now()
    isUpward = event instanceof WheelEvent && event.deltaY < 0
    // At once: a new line may scroll to the end before the scroll by the wheel is reported.
    if (isUpward && list && list.scrollSize > list.viewportSize) setIsFollowing(false)
  }
  const scrollToEnd = (): void => {
    if (isFollowing()) list?.scrollToIndex(log.lines().length - 1, { align: 'end' })
  }
  const follow = (): void => {
    if (isFollowing()) requestAnimationFrame(scrollToEnd)
  }
  createEffect(on([log.lines, isFollowing, log.isWrapped], follow))
  return {
    isFollowing,
    toggle() {
      lastInputMs = Number.NEGATIVE_INFINITY
      setIsFollowing(!isFollowing())
    },
    setList(next) {
      list = next
    },
    watch(frame) {
      const observer = new ResizeObserver(follow)
      observer.observe(frame)
      for (const name of INPUT_EVENTS) frame.addEventListener(name, onInput, { passive: true })
      onCleanup(() => observer.disconnect())
    },
    onScroll(offset) {
      if (!list) return
      const isAtEnd = offset + list.viewportSize >= list.scrollSize - END_SLACK_PX
      const isByUser = performance.now() - lastInputMs <= INPUT_MS
      if (isAtEnd) {
        // Our own scroll may arrive after the user has turned following off.
        if (isByUser && !isUpward) setIsFollowing(true)
      } else if (!isByUser) follow()
      else {
        // Scrolling may continue by momentum, or the scrollbar may be held.
        lastInputMs = performance.now()
        setIsFollowing(false)
      }
    },
  }
}
