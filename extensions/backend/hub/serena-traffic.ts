// All messages between one Serena and its clients, over all its starts.
import { partsOf } from '../mcp/message-parts.ts'
import { callRules } from './call-rules.ts'
import { type Calls, createCalls } from './calls.ts'
import { type ClientRequests, createClientRequests } from './client-requests.ts'
import { createHandshake, type Handshake } from './handshake.ts'
import type { KeptAnswers } from './kept-answers.ts'
import { createKnownTools, type KnownTools } from './known-tools.ts'
import { createMembers, type Members } from './members.ts'
import { createOwnRequests, type OwnRequests } from './own-requests.ts'
import type { SerenaChild } from './serena-child.ts'
import type { SerenaSpec } from './serena-spec.ts'

export interface TrafficDeps {
  spec: SerenaSpec
  kept: KeptAnswers
  /** The running process; null: there is none. */
  child(): SerenaChild | null
  /** Whether calls may be sent to it. */
  isReady(): boolean
  /** It has answered a tool call. */
  onAnswered(): void
  onFault(error: unknown): void
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds in which this process was running. */
  awakeMs(): number
}

export interface SerenaTraffic {
  readonly members: Members
  readonly handshake: Handshake
  readonly tools: KnownTools
  readonly calls: Calls
  readonly requests: ClientRequests
  readonly own: OwnRequests
  /** Passes on a notification of a client, if Serena is ready. */
  notify(line: Buffer): void
  /** Handles a message of Serena. */
  receive(line: Buffer): void
}

const LIST_CHANGED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')

/** Creates the traffic of a Serena without clients. */
export function createSerenaTraffic(deps: TrafficDeps): SerenaTraffic {
  const { spec, kept, onFault } = deps
  const write = (line: Buffer): void => deps.child()?.write(line)
  let lastId = 0
  const nextId = (): number => ++lastId

  const own = createOwnRequests({ write, nextId })
  const members = createMembers()
  const handshake = createHandshake({ kept, ask: own.ask, write, replay: spec.replay, onFault })
  const tools = createKnownTools({
    kept,
    ask: own.ask,
    isRunning: () => deps.child() !== null,
    onTools(isChange) {
      // More calls may be sent when it is known that they only read.
      calls.pump()
      if (isChange) members.notifyAll(LIST_CHANGED)
    },
    onFault,
  })
  const calls = createCalls({
    rules: () => callRules(spec.isSerena, handshake.answered(), tools.facts()),
    isReady: deps.isReady,
    write,
    mayServe: members.isReading,
    nextId,
    now: deps.awakeMs,
  })
  const requests = createClientRequests(calls, deps.now)

  function receive(line: Buffer): void {
    const parts = partsOf(line)
    if (parts === null) return
    if (parts.kind === 'answer') {
      if (!own.settle(line, parts) && requests.settle(line, parts)) deps.onAnswered()
    } else if (parts.kind === 'request') {
      const asking = deps.child()
      members.ask(line, parts, calls.runningOwners(), (answer) => {
        // After a restart another request may have the same id.
        if (deps.child() === asking) write(answer)
      })
    } else if (parts.method === 'notifications/progress') calls.progress(line, parts)
    else if (parts.method === 'notifications/tools/list_changed' && spec.isSerena) tools.refresh()
    else if (parts.method === 'notifications/message') members.notifyCallers(line, calls.runningOwners())
    else members.notifyAll(line)
  }

  function notify(line: Buffer): void {
    if (deps.isReady()) write(line)
  }

  return { members, handshake, tools, calls, requests, own, notify, receive }
}
