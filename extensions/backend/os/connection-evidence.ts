// Sentences about the two ends of a stdio connection, the same on every platform.

/** The output has no reader any more. `isWhole`: neither has the input a writer; `writer`: the process that still holds the input. */
export const closedEvidence = (isWhole: boolean, writer: string | null): readonly string[] => [
  isWhole ? 'No process holds the other end of its stdio connection.' : 'No process reads its stdout.',
  ...(writer === null ? [] : [`Its stdin is still held open by ${writer}.`]),
]

export const readerEvidence = (reader: string): string => `Its stdout is read by ${reader}.`

export const UNSEEN_READER = 'Its stdout has a reader, which is not visible from here.'
