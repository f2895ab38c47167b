// One Serena with its clients: passes their messages to it and its messages to them, also while it sleeps, starts or has crashed.
import { AppError } from '#contract/errors'
import {
  errorLine,
  INTERNAL_ERROR,
  isToolError,
  METHOD_NOT_FOUND,
  resultLine,
  toolErrorLine,
} from '../mcp/answers.ts'
import { newestVersion, requestedVersion, withVersion } from '../mcp/initialize.ts'
import { objectSpans, splice } from '../mcp/json-spans.ts'
import { type MessageParts, partsOf, spanAt } from '../mcp/message-parts.ts'
import { cancellationIn } from '../mcp/own-ids.ts'
import type { Call } from './call.ts'
import type { CallLimits } from './call-limits.ts'
import { callRules } from './call-rules.ts'
import { createCallWatch } from './call-watch.ts'
import { type Calls, createCalls } from './calls.ts'
import { SLOW_BYTES } from './client-port.ts'
import { KEPT_LISTS, type KeptCopies } from './kept-copies.ts'
import type { Member } from './member.ts'
import { createOwnRequests } from './own-requests.ts'
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'
import { createSerenaLife, type SerenaLife } from './serena-life.ts'
import type { SerenaSpec } from './serena-spec.ts'
import { factsOf, type ToolFacts } from './tool-facts.ts'

export interface SharedSerenaDeps {
  spec: SerenaSpec
  copies: KeptCopies
  startChild(deps: ChildDeps): Promise<SerenaChild>
  mayRetry(exit: ChildExit): boolean
  /** Of the Serena that was started last; null: its calls are not watched. */
  callLimits(): CallLimits | null
  /** It is running, or has exited. */
  onChange(): void
  onFault(error: unknown): void
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds in which this process was running. */
  awakeMs(): number
}

export interface SharedSerena {
  readonly spec: SerenaSpec
  readonly life: SerenaLife
  readonly calls: Pick<Calls, 'waiting' | 'waitingBytes' | 'running' | 'isIdle'>
  join(member: Member): void
  /** `isConnected`: it is elsewhere now; its calls here are still answered. */
  leave(member: Member, isConnected: boolean): void
  members(): readonly Member[]
  /** Answers `initialize` from the kept copy, or when Serena has answered it. `startsIt`: it will soon be needed. */
  initialize(member: Member, line: Buffer, rawId: string, startsIt: boolean): void
  submit(call: Call): void
  cancel(member: Member, line: Buffer, parts: MessageParts): void
  /** Passes on any other notification of a client. */
  notify(line: Buffer): void
  /** A client reads its answers again. */
  resume(): void
  /** Call it about twice a second: watches calls that are not answered. */
  tick(): void
  /** Monotonic milliseconds of the last tool call, or of the start; null: a call is running or waiting. */
  idleSinceMs(): number | null
  /** Whether it has the tool; true while its tools are not known. */
  mayHaveTool(name: string): boolean
  /** Variables would be lost while it sleeps. */
  mayHaveRepl(): boolean
}

const LOST =
  'The connection to Serena was lost during this call. It may or may not have taken effect: check before you repeat it.'
const UNANSWERED =
  'Serena has not answered this call in time. It may have taken effect, or may still do so: check before you repeat it.'
const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')
const LIST_CHANGED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')
const REPEAT_FIX = 'Activate the project again.'

/** Creates a Serena without clients, which is not started. */
export function createSharedSerena(deps: SharedSerenaDeps): SharedSerena {
  const { spec, copies } = deps
  const members = new Map<string, Member>()
  const waitingForInitialize = new Map<string, { line: Buffer; rawId: string }>()
  /** The first client's; repeated for each start. */
  let firstInitialize: Buffer | null = null
  let initialized: Buffer | null = null
  let usedAtMs = deps.now()
  let tools: ToolFacts | null = null
  /** Lists that are asked for again. */
  const dueLists = new Set<string>()
  let refreshed: Promise<void> = Promise.resolve()
  let nextId = 0
  let wasReady = false

  const write = (line: Buffer): void => life.child()?.write(line)
  const own = createOwnRequests({ write, nextId: () => ++nextId })
  const calls = createCalls({
    write,
    nextId: () => ++nextId,
    rules: () => callRules(spec.isSerena, initialized, toolFacts()),
    isReady: () => life.state() === 'running',
    mayServe,
    now: deps.awakeMs,
  })

  function toolFacts(): ToolFacts {
    tools ??= factsOf(copies.read(spec.copyKey, 'tools/list'))
    return tools
  }

  function mayHaveTool(name: string): boolean {
    const { names } = toolFacts()
    return names.size === 0 || names.has(name)
  }

  function mayServe(owner: string): boolean {
    const member = members.get(owner)
    return member === undefined || member.unreadBytes() < SLOW_BYTES
  }

  const life = createSerenaLife({
    startChild: deps.startChild,
    mayRetry: deps.mayRetry,
    prepare,
    onLine: fromSerena,
    onReady: flush,
    onCrash: () => onExit() || members.size > 0,
    onEnded: onExit,
    onFailure,
    onChange: deps.onChange,
    onFault: deps.onFault,
    now: deps.now,
  })

  const watch = createCallWatch({
    limits: deps.callLimits,
    now: deps.awakeMs,
    longestMs: calls.longestMs,
    ping: () => own.ask(requestLine('ping', null)),
    async watchChildren() {
      const { watchChildren } = await import('./children-work.ts')
      return watchChildren(life.child()?.pid ?? 0, deps.now)
    },
    giveUp,
    restart(why) {
      deps.onFault(new Error(`Serena ${life.child()?.pid ?? ''} is restarted: ${why}`))
      void life.replace(`Serena was restarted too often: ${why}.`)
    },
    onFault: deps.onFault,
  })

  function giveUp(ms: number): number {
    const given = calls.giveUp(ms)
    for (const call of given) {
      if (!call.isAbandoned) call.answer(toolErrorLine(call.rawId, UNANSWERED), true)
      call.isAbandoned = true
    }
    calls.pump()
    return given.length
  }

  async function prepare(): Promise<void> {
    const request = firstInitialize
    if (request === null) throw new Error('a start without a client')
    const answer = await own.ask(request)
    initialized = answer
    keep('initialize', answer).catch(deps.onFault)
    write(INITIALIZED)
    // The first time, the client's own call does it.
    if (wasReady) for (const params of spec.replay) await repeat(params)
    wasReady = true
    for (const [id, { line, rawId }] of waitingForInitialize)
      answerInitialize(members.get(id), line, rawId, answer)
    waitingForInitialize.clear()
    if (spec.isSerena) for (const method of KEPT_LISTS) refresh(method)
  }

  /** A call that has led to this place. Without its effect other calls could change the wrong files. */
  async function repeat(params: string): Promise<void> {
    const answer = await own.ask(requestLine('tools/call', params))
    if (isToolError(answer))
      throw new AppError('hub-refused', { why: `Serena refuses to repeat ${params}.`, fix: REPEAT_FIX })
  }

  /** Learns which tools only read, and whether the kept lists are still right: one after another, because each compares with the kept one. */
  function refresh(method: string): void {
    if (dueLists.has(method)) return
    dueLists.add(method)
    refreshed = refreshed.then(() => refreshOnce(method)).catch(deps.onFault)
  }

  async function refreshOnce(method: string): Promise<void> {
    dueLists.delete(method)
    if (life.child() === null) return
    const answer = await own.ask(requestLine(method, null)).catch(() => null)
    const before = copies.read(spec.copyKey, method)
    if (answer === null || !(await keep(method, answer)) || method !== 'tools/list') return
    tools = null
    // More calls may be sent when it is known that they only read.
    calls.pump()
    if (before !== null)
      for (const member of members.values()) if (member.isReady()) member.send(LIST_CHANGED)
  }

  /** Returns whether the answer differs from the kept one. Errors are never kept. */
  async function keep(method: string, answer: Buffer): Promise<boolean> {
    const parts = partsOf(answer)
    if (!parts?.id || parts.result === null || spanAt(answer, parts.result, 'nextCursor')) return false
    return copies.write(spec.copyKey, method, splice(answer, parts.id, '0'))
  }

  function flush(): void {
    usedAtMs = deps.now()
    calls.pump()
  }

  /** Its process has exited. Returns whether it is needed now. */
  function onExit(): boolean {
    own.lose()
    const { uncertain, repeatable } = calls.lose()
    for (const call of uncertain) call.answer(failure(call, LOST), true)
    for (const call of repeatable) enqueue(call)
    return !calls.isIdle() || waitingForInitialize.size > 0
  }

  function onFailure(fault: string): void {
    own.lose()
    for (const [id, { rawId }] of waitingForInitialize)
      members.get(id)?.send(errorLine(rawId, INTERNAL_ERROR, fault))
    waitingForInitialize.clear()
    for (const call of calls.takeWaiting()) call.answer(failure(call, fault))
  }

  function fromSerena(line: Buffer): void {
    const parts = partsOf(line)
    if (parts === null) return
    if (parts.kind === 'answer') return settle(line, parts)
    if (parts.kind === 'request') return ask(line, parts)
    if (parts.method === 'notifications/progress') return calls.progress(line, parts)
    if (parts.method === 'notifications/tools/list_changed' && spec.isSerena) {
      return refresh('tools/list')
    }
    const owners = calls.runningOwners()
    const isLog = parts.method === 'notifications/message' && owners.size > 0
    for (const member of members.values())
      if (member.isReady() && (!isLog || owners.has(member.id))) member.send(line)
  }

  function settle(line: Buffer, parts: MessageParts): void {
    if (own.settle(line, parts)) return
    if (calls.settle(line, parts) !== null) {
      usedAtMs = deps.now()
      watch.answered()
    }
    calls.pump()
  }

  /** A request of Serena goes to the client of the running call; it names none, so there must be only one candidate. */
  function ask(line: Buffer, { method, id, rawId }: MessageParts): void {
    if (id === null || rawId === null) return
    if (method === 'ping') return write(resultLine(rawId, '{}'))
    const owners = calls.runningOwners()
    const candidates = [...members.values()].filter((one) =>
      owners.size > 0 ? owners.has(one.id) : one.isReady(),
    )
    const [member] = candidates
    if (member === undefined || candidates.length > 1)
      return write(errorLine(rawId, METHOD_NOT_FOUND, 'This request belongs to no client.'))
    const asking = life.child()
    // After a restart another request may have the same id.
    member.ask(line, (answer) => {
      if (life.child() === asking) write(answer)
    })
  }

  function enqueue(call: Call): void {
    if (call.tool !== null) usedAtMs = deps.now()
    calls.add(call)
  }

  function answerInitialize(member: Member | undefined, line: Buffer, rawId: string, answer: Buffer): void {
    const request = firstInitialize ?? line
    const shown = withVersion(answer, requestedVersion(line), newestVersion(request, answer))
    const id = partsOf(shown)?.id
    if (id) member?.send(splice(shown, id, rawId))
  }

  function submit(call: Call): void {
    if (life.state() !== 'running' && call.tool === null && !hasArguments(call)) {
      const copy = KEPT_LISTS.includes(call.method) ? copies.read(spec.copyKey, call.method) : null
      const id = copy && partsOf(copy)?.id
      if (copy && id) return call.answer(splice(copy, id, call.rawId))
    }
    enqueue(call)
    if (life.state() === 'running') calls.pump()
    else life.wake()
  }

  return {
    spec,
    life,
    calls,
    join(member) {
      members.set(member.id, member)
      firstInitialize ??= member.initializeLine()
    },
    leave(member, isConnected) {
      members.delete(member.id)
      waitingForInitialize.delete(member.id)
      if (isConnected) return
      calls.abandon(member.id)
    },
    members: () => [...members.values()],
    initialize(member, line, rawId, startsIt) {
      firstInitialize ??= line
      const known = initialized ?? copies.read(spec.copyKey, 'initialize')
      if (known) answerInitialize(member, line, rawId, known)
      else waitingForInitialize.set(member.id, { line, rawId })
      // A client without a project may activate one first: then this Serena is never needed.
      if (!known || (startsIt && spec.root !== null && life.state() === 'stopped')) life.wake()
    },
    submit,
    cancel(member, line, parts) {
      const canceled = cancellationIn(line, parts)
      const message = canceled && calls.cancel(member.id, canceled)
      if (message) write(message)
      calls.pump()
    },
    notify: (line) => {
      if (life.state() === 'running') write(line)
    },
    resume: calls.pump,
    tick() {
      if (life.state() === 'running') watch.tick()
    },
    idleSinceMs: () => (calls.isIdle() ? usedAtMs : null),
    mayHaveTool,
    mayHaveRepl: () => spec.isSerena && mayHaveTool('serena_repl'),
  }
}

/** Whether the request has arguments beside `_meta`. */
function hasArguments({ line, parts: { params } }: Call): boolean {
  const keys = params && objectSpans(line, ...params)
  return [...(keys?.keys() ?? [])].some((key) => key !== '_meta')
}

const failure = ({ tool, rawId }: Call, text: string): Buffer =>
  tool === null ? errorLine(rawId, INTERNAL_ERROR, text) : toolErrorLine(rawId, text)

const requestLine = (method: string, params: string | null): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":0,"method":"${method}"${params === null ? '' : `,"params":${params}`}}`)
