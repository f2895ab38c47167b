// The client's lines while there is no hub: they wait for the next one, or are answered with the reason why there is none.
import { AppError } from '#contract/errors'
import type { ClientSession } from './client-session.ts'

/** Then the client waits. */
const MAX_BYTES = 1024 * 1024

export interface UnsentInput {
  /** False: it is full. */
  add(line: Buffer): boolean
  /** There is no hub: answers all requests with the reason, also those that follow. */
  fail(error: unknown): void
  /** There is a hub: returns what waits for it. */
  takeAll(): readonly Buffer[]
  isEmpty(): boolean
}

/** Creates an empty one; `toClient` gets the answers. */
export function createUnsentInput(session: ClientSession, toClient: (line: Buffer) => void): UnsentInput {
  let lines: Buffer[] = []
  let bytes = 0
  /** Null: a hub is being found. */
  let failure: string | null = null

  function takeAll(): Buffer[] {
    const all = lines
    lines = []
    bytes = 0
    failure = null
    return all
  }

  function answerAll(why: string): void {
    session.takeFailed(why).forEach(toClient)
  }

  return {
    add(line) {
      if (failure !== null) {
        session.fromClient(line)
        answerAll(failure)
        return true
      }
      lines.push(line)
      bytes += line.length
      return bytes <= MAX_BYTES
    },
    fail(error) {
      for (const line of takeAll()) session.fromClient(line)
      failure = error instanceof AppError ? `${error.message} ${error.fix}` : String(error)
      answerAll(failure)
    },
    takeAll,
    isEmpty: () => lines.length === 0,
  }
}
