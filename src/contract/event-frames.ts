// Parses server-sent events: text in chunks of any size -> the data of each event. Each event is one line of JSON.

/** Longer than any snapshot: a line without an end is not from our backend. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024

export interface EventFrames {
  /** Returns the data of the events that this chunk completes. Throws if a line has no end. */
  push(text: string): string[]
}

/** Returns a parser for one stream; `fail` makes the error that it throws. */
export function makeEventFrames(fail = (issue: string): Error => new RangeError(issue)): EventFrames {
  let rest = ''
  return {
    push(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_LINE_CHARACTERS) throw fail('an event has no end')
      return lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length).trim())
    },
  }
}
