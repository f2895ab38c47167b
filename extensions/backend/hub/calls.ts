// The calls of all clients to one Serena: which one is sent next, and to which client an answer belongs. Each request gets an id of the
// hub, because clients use equal ids; every other byte stays as it is. Pure, apart from the functions it is given.
import { type Span, spliceAll } from '../mcp/json-spans.ts'
import { type MessageParts, spanAt } from '../mcp/message-parts.ts'
import type { Call } from './call.ts'
import { createCallQueue } from './call-queue.ts'

export interface CallRules {
  /** Tool calls that may be sent before they are answered. */
  limit: number
  /**
   * Serena runs calls one after another and never stops a call that was sent. So a call that may change something is sent only when no
   * other is running: until then canceling it has an effect.
   */
  isSerial: boolean
  isReadOnly(tool: string): boolean
}

export interface CallDeps {
  rules(): CallRules
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
  /** Tool calls wait for their turn; other requests are sent by `sendNow`. */
  queue(call: Call): void
  sendNow(call: Call): void
  /** Sends what may be sent. */
  pump(): void
  /** Cancels a request of a client; returns the message for Serena, null: there is nothing to send. */
  cancel(owner: string, idKey: string, line: Buffer, parts: MessageParts): Buffer | null
  /** Gives an answer to its owner; returns the tool call that it ends. */
  settle(line: Buffer, parts: MessageParts): Call | null
  progress(line: Buffer, parts: MessageParts): void
  /** Drops the waiting calls of a client, and the answers of its running ones. */
  abandon(owner: string): void
  /** How long the oldest tool call is running; null: none is. */
  longestMs(): number | null
  /** Gives up the tool calls that are running for so long or longer, so that others can be sent; returns them. */
  giveUp(ms: number): readonly Call[]
  /** Serena has exited: forgets and returns what it had not answered. */
  lose(): Lost
  /** Removes and returns all waiting calls. */
  takeWaiting(): readonly Call[]
  waiting(owner: string): number
  waitingBytes(owner: string): number
  running(owner: string): number
  /** Clients with a running request. */
  runningOwners(): ReadonlySet<string>
  isIdle(): boolean
}

/** Canceled and given up requests whose answer may still arrive. */
const MOST_CANCELED = 256

/** Creates the calls of one Serena. */
export function createCalls(deps: CallDeps): Calls {
  const waiting = createCallQueue<Call>()
  const running = new Map<number, Call>()
  const canceled = new Map<number, Call>()

  const isReadOnly = ({ tool }: Call): boolean => tool === null || deps.rules().isReadOnly(tool)
  const toolCalls = (): number => [...running.values()].filter(({ tool }) => tool !== null).length

  function maySend(call: Call): boolean {
    const { limit, isSerial } = deps.rules()
    const count = toolCalls()
    return count < limit && (!isSerial || count === 0 || isReadOnly(call))
  }

  function send(call: Call): void {
    const id = deps.nextId()
    call.attempts++
    call.sentAtMs = deps.now()
    running.set(id, call)
    const { line, parts } = call
    const token = spanAt(line, parts.params, '_meta', 'progressToken')
    const changes: (readonly [Span, string])[] = []
    if (parts.id) changes.push([parts.id, String(id)])
    if (token) changes.push([token, String(id)])
    deps.write(spliceAll(line, changes))
  }

  function find(owner: string, idKey: string): [number, Call] | null {
    const entries = [...running].filter(([, call]) => call.owner === owner && call.idKey === idKey)
    return entries.at(-1) ?? null
  }

  /** Its answer may still arrive. */
  function forget(id: number, call: Call): void {
    running.delete(id)
    canceled.set(id, call)
    for (const old of [...canceled.keys()].slice(0, -MOST_CANCELED)) canceled.delete(old)
  }

  const runningMs = (call: Call): number => deps.now() - call.sentAtMs

  function cancelRunning([id, call]: [number, Call], line: Buffer, parts: MessageParts): Buffer | null {
    if (deps.rules().isSerial && !isReadOnly(call)) {
      // Serena would run it to its end and not say when: without its answer the next change could not wait for it.
      call.isAbandoned = true
      return null
    }
    forget(id, call)
    const span = spanAt(line, parts.params, 'requestId')
    return span && spliceAll(line, [[span, String(id)]])
  }

  function pump(): void {
    for (;;) {
      const call = waiting.take(deps.mayServe, maySend)
      if (call === null) return
      send(call)
    }
  }

  return {
    queue: (call) => waiting.add(call.owner, call),
    sendNow: send,
    pump,
    cancel(owner, idKey, line, parts) {
      const found = find(owner, idKey)
      if (found) return cancelRunning(found, line, parts)
      const call = waiting.all().find((one) => one.owner === owner && one.idKey === idKey)
      if (call) waiting.remove(owner, call)
      return null
    },
    settle(line, { id, rawId }) {
      const number = Number(rawId)
      const call = running.get(number) ?? canceled.get(number)
      if (call === undefined || id === null) return null
      running.delete(number)
      canceled.delete(number)
      if (!call.isAbandoned) call.answer(spliceAll(line, [[id, call.rawId]]))
      return call.tool === null ? null : call
    },
    progress(line, { params }) {
      const span = spanAt(line, params, 'progressToken')
      const call = span && running.get(Number(line.toString('latin1', ...span)))
      const token = call && spanAt(call.line, call.parts.params, '_meta', 'progressToken')
      // Clients close a connection on which progress has a token that they never sent.
      if (call && token && !call.isAbandoned)
        call.report(spliceAll(line, [[span, call.line.toString('utf8', ...token)]]))
    },
    abandon(owner) {
      waiting.removeAll(owner)
      for (const call of [...running.values(), ...canceled.values()])
        if (call.owner === owner) call.isAbandoned = true
    },
    longestMs() {
      const all = [...running.values()].filter(({ tool }) => tool !== null).map(runningMs)
      return all.length === 0 ? null : Math.max(...all)
    },
    giveUp(ms) {
      const given = [...running].filter(([, call]) => call.tool !== null && runningMs(call) >= ms)
      for (const [id, call] of given) forget(id, call)
      return given.map(([, call]) => call)
    },
    lose() {
      const calls = [...running.values()].filter(({ isAbandoned }) => !isAbandoned)
      running.clear()
      canceled.clear()
      const repeatable = calls.filter((call) => isReadOnly(call) && call.attempts < 2)
      return { repeatable, uncertain: calls.filter((call) => !repeatable.includes(call)) }
    },
    takeWaiting: () => [...new Set(waiting.all().map(({ owner }) => owner))].flatMap(waiting.removeAll),
    waiting: (owner) => waiting.of(owner).length,
    waitingBytes: (owner) => waiting.of(owner).reduce((sum, { line }) => sum + line.length, 0),
    running: (owner) =>
      [...running.values()].filter((call) => call.owner === owner && call.tool !== null).length,
    runningOwners: () =>
      new Set([...running.values()].filter(({ isAbandoned }) => !isAbandoned).map(({ owner }) => owner)),
    isIdle: () => waiting.size() === 0 && toolCalls() === 0,
  }
}
