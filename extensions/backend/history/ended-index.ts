// Which instances another program has recorded as ended on request (`wrap`, or a command without a backend): their exit is not
// recorded a second time. Only the lines that were appended since the last call are parsed.
import type { HistoryFile, HistoryPosition } from './history-file.ts'
import { parseLines } from './history-line.ts'

/** Ids that are kept at most, the newest: an exit is seen seconds after its record. */
const MAX_IDS = 1_000

/** Returns a function that reads what is new and returns the ids whose last record is `ended`. */
export function createEndedIndex(
  file: Pick<HistoryFile, 'read'>,
  start: HistoryPosition,
): () => ReadonlySet<string> {
  const ended = new Set<string>()
  let position = start
  return () => {
    const read = file.read(position)
    position = read.position
    for (const { id, event } of parseLines(read.lines)) {
      ended.delete(id)
      if (event === 'ended') ended.add(id)
    }
    for (const id of [...ended].slice(0, -MAX_IDS)) ended.delete(id)
    return ended
  }
}
