// Server-sent events on the wire: text in pieces of any size -> the data of each event. One event of ours is one line of JSON.
import { AppError } from './errors.ts'

/** Longer than any snapshot; a stream that never ends its line is not ours. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024

export interface EventFrames {
  /** The data of the events that this piece completes. Throws AppError `bad-input` when a line has no end. */
  push(text: string): string[]
}

/** A reader for one stream. */
export function makeEventFrames(): EventFrames {
  let rest = ''
  return {
    push(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_LINE_CHARACTERS) throw new AppError('bad-input', { issue: 'an event has no end' })
      return lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length).trim())
    },
  }
}
