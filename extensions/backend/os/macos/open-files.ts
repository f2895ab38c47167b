// Folder, sockets and logs of processes by `lsof`: one run reads all three of every process that was requested lately.
import type { ProcessFact } from '../process-facts.ts'
import { FIELDS, type OpenFiles, parseLsof } from './parse-lsof.ts'
import type { ToolAnswer } from './run-tool.ts'

/** A process that was not requested for this long is forgotten. */
const FORGET_MS = 60_000

export type Lsof = (args: readonly string[]) => Promise<ToolAnswer | null>

export interface OpenFilesDeps {
  lsof: Lsof
  /** Files of other users' processes are hidden, except from root. */
  ownUid: number | null
  now: () => number
}

/** What a process holds open; null: not readable. Read again when older than `maxAgeMs`. */
export type OpenFilesLookup = (
  processes: readonly ProcessFact[],
  maxAgeMs: (files: OpenFiles | null) => number,
) => Promise<ReadonlyMap<number, OpenFiles | null>>

interface Known {
  pid: number
  files: OpenFiles | null
  readAtMs: number
  askedAtMs: number
}

/** Creates a lookup that remembers, by identity. Runs wait for each other, so that the next one uses what the one before has read. */
export function createOpenFilesLookup({ lsof, ownUid, now }: OpenFilesDeps): OpenFilesLookup {
  const known = new Map<string, Known>()
  let queue: Promise<unknown> = Promise.resolve()

  const isReadable = ({ uid }: ProcessFact): boolean => ownUid === 0 || uid === ownUid

  function remember({ identity, pid }: ProcessFact): Known {
    const entry = known.get(identity) ?? {
      pid,
      files: null,
      readAtMs: Number.NEGATIVE_INFINITY,
      askedAtMs: 0,
    }
    entry.askedAtMs = now()
    known.set(identity, entry)
    return entry
  }

  async function readAll(): Promise<void> {
    for (const [identity, { askedAtMs }] of known) if (now() - askedAtMs > FORGET_MS) known.delete(identity)
    const entries = [...known.values()]
    // Exit code 1: some of them have exited. What it printed is valid.
    const answer = await lsof(lsofArguments(entries.map(({ pid }) => pid)))
    const found = parseLsof(answer?.stdout ?? '')
    for (const entry of entries) {
      entry.files = found.get(entry.pid) ?? null
      entry.readAtMs = now()
    }
  }

  return (processes, maxAgeMs) => {
    const next = queue.then(async () => {
      const entries = processes.filter(isReadable).map(remember)
      if (entries.some(({ files, readAtMs }) => now() - readAtMs >= maxAgeMs(files))) await readAll()
      return new Map(processes.map(({ pid, identity }) => [pid, known.get(identity)?.files ?? null]))
    })
    queue = next.catch(() => undefined) // The caller of `next` gets the error; the queue continues.
    return next
  }
}

/**
 * Numbers instead of names, no warnings, these processes only (`-a` joins by and), all their descriptors but program and
 * libraries: hence a process without listeners is listed too, and one that is not listed could not be read.
 */
const lsofArguments = (pids: readonly number[]): readonly string[] => [
  '-nPw',
  '-a',
  '-p',
  pids.join(','),
  '-d',
  '^txt,^mem',
  '-F',
  FIELDS,
]
