// The calls of all clients to one Serena: which one is sent next, and to which client an answer belongs. Each request gets an id of the
// hub, because clients use equal ids; every other byte stays as it is. Pure, apart from the functions it is given.
import { splice } from '../mcp/json-spans.ts'
import type { MessageParts } from '../mcp/message-parts.ts'
import { type Cancellation, progressIn, progressTokenOf, withOwnId } from '../mcp/own-ids.ts'
import type { Call } from './call.ts'
import { type CallRules, mayStart } from './call-rules.ts'
import { createSentCalls } from './sent-calls.ts'
import { createWaitingCalls } from './waiting-calls.ts'

export interface CallDeps {
  rules(): CallRules
  /** Whether Serena takes calls; until then all wait. */
  isReady(): boolean
  /** Writes a message to Serena. */
  write(line: Buffer): void
  /** Whether this client reads its answers. */
  mayServe(owner: string): boolean
  /** The next id; unique for the process that is running. */
  nextId(): number
  /** Milliseconds in which this process was running. */
  now(): number
}

export interface Lost {
  /** May have taken effect: never sent again. */
  uncertain: readonly Call[]
  /** Changes nothing: may be sent again. */
  repeatable: readonly Call[]
}

export interface Calls {
  /** It waits until `pump`. */
  add(call: Call): void
  /** Sends what may be sent. */
  pump(): void
  /** Cancels a request of a client. Serena is not asked to cancel what it would not stop. */
  cancel(owner: string, canceled: Cancellation): void
  /** Gives an answer to its owner; returns the tool call that it ends. */
  settle(line: Buffer, parts: MessageParts): Call | null
  progress(line: Buffer, parts: MessageParts): void
  /** Drops the waiting calls of a client, and the answers of its running ones. */
  abandon(owner: string): void
  /** How long the oldest tool call is running; null: none is. */
  longestMs(): number | null
  /** Gives up the tool calls that have been running for at least this long, so that others can be sent; returns them. */
  giveUp(ms: number): readonly Call[]
  /** Serena has exited: forgets and returns what it had not answered. */
  lose(): Lost
  /** Removes and returns all waiting calls. */
  takeWaiting(): readonly Call[]
  /** Tool calls of a client. */
  waiting(owner: string): number
  waitingBytes(owner: string): number
  running(owner: string): number
  /** Clients with a running request. */
  runningOwners(): ReadonlySet<string>
  /** Nothing is waiting, and no tool call is running. */
  isIdle(): boolean
}

/** Creates the calls of one Serena. */
export function createCalls(deps: CallDeps): Calls {
  const waiting = createWaitingCalls()
  const sent = createSentCalls(deps.now)

  const isReadOnly = ({ tool }: Call): boolean => tool === null || deps.rules().isReadOnly(tool)

  const maySend = (call: Call): boolean => mayStart(isReadOnly(call), sent.toolCalls().length, deps.rules())

  return {
    add: waiting.add,
    pump() {
      const next = (): Call | null => (deps.isReady() ? waiting.next(deps.mayServe, maySend) : null)
      for (let call = next(); call !== null; call = next()) {
        const id = deps.nextId()
        sent.add(id, call)
        deps.write(withOwnId(call.line, call.parts, id))
      }
    },
    cancel(owner, canceled) {
      const [id, call] = sent.find(owner, canceled.idKey) ?? []
      if (call === undefined || id === undefined) waiting.cancel(owner, canceled.idKey)
      // Serena would run it to its end and not say when: without its answer the next change could not wait for it.
      else if (deps.rules().isSerial && !isReadOnly(call)) call.isAbandoned = true
      else {
        sent.putAside(id, call)
        deps.write(canceled.withOwnId(id))
      }
    },
    settle(line, { id, rawId }) {
      const call = id && sent.settle(Number(rawId))
      if (!call || !id) return null
      if (!call.isAbandoned) call.answer(splice(line, id, call.rawId))
      return call.tool === null ? null : call
    },
    progress(line, parts) {
      const progress = progressIn(line, parts)
      const call = progress && sent.running(progress.id)
      const token = call && progressTokenOf(call.line, call.parts)
      // Clients close a connection on which progress has a token that they never sent.
      if (token && !call.isAbandoned) call.report(progress.withToken(token))
    },
    abandon(owner) {
      waiting.abandon(owner)
      sent.abandon(owner)
    },
    longestMs: sent.longestMs,
    giveUp: sent.giveUp,
    lose: () => lostOf(sent.lose(), isReadOnly),
    takeWaiting: waiting.takeAll,
    waiting: (owner) => waiting.toolCalls(owner).length,
    waitingBytes: (owner) => waiting.toolCalls(owner).reduce((sum, { line }) => sum + line.length, 0),
    running: (owner) => sent.toolCalls().filter((call) => call.owner === owner).length,
    runningOwners: sent.owners,
    isIdle: () => waiting.isEmpty() && sent.toolCalls().length === 0,
  }
}

/** What may have changed something is never sent again, and nothing is sent three times. */
function lostOf(calls: readonly Call[], isReadOnly: (call: Call) => boolean): Lost {
  const repeatable = calls.filter((call) => isReadOnly(call) && call.attempts < 2)
  return { repeatable, uncertain: calls.filter((call) => !repeatable.includes(call)) }
}
