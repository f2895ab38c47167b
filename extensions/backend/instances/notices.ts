// The notices above the list: each part registers its own, and says when they change.
import type { Notice } from '#contract/instance'

export interface NoticeBoard {
  /** Registers a part: its notices are read whenever the list is published. */
  add(part: () => readonly Notice[]): void
  /** All notices, in the order of registration. */
  current(): Notice[]
  /** Reports that a part's notices changed. */
  changed(): void
  /** Calls back at each change. */
  onChange(listener: () => void): void
}

/** Creates an empty board. */
export function createNoticeBoard(): NoticeBoard {
  const parts: (() => readonly Notice[])[] = []
  const listeners: (() => void)[] = []
  return {
    add: (part) => void parts.push(part),
    current: () => parts.flatMap((part) => part()),
    changed() {
      for (const listener of listeners) listener()
    },
    onChange: (listener) => void listeners.push(listener),
  }
}
