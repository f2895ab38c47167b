// A note on one instance alone: it names no others.
import type { FlagNote } from '#contract/instance'

export const noteOf = (flag: FlagNote['flag'], text: string, more: string, advice: string): FlagNote => ({
  flag,
  text,
  more,
  advice,
  others: [],
  unused: null,
})
