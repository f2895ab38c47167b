// One Serena with its clients: passes their messages to it and its messages to them, also while it sleeps, starts or has crashed.
import type { MessageParts } from '../mcp/message-parts.ts'
import { cancellationIn } from '../mcp/own-ids.ts'
import type { Call } from './call.ts'
import type { CallLimits } from './call-limits.ts'
import { type CallWatch, createCallWatch } from './call-watch.ts'
import type { Calls } from './calls.ts'
import { createKeptAnswers } from './kept-answers.ts'
import type { KeptCopies } from './kept-copies.ts'
import type { Member } from './member.ts'
import { requestLine } from './own-requests.ts'
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'
import { createSerenaLife, type SerenaLife } from './serena-life.ts'
import type { SerenaSpec } from './serena-spec.ts'
import { createSerenaTraffic, type SerenaTraffic } from './serena-traffic.ts'

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
  /** Monotonic milliseconds of the last tool call, or of the start; null: something is running or waiting. */
  idleSinceMs(): number | null
  /** Whether it has the tool; true while its tools are not known. */
  mayHaveTool(name: string): boolean
  /** Variables would be lost while it sleeps. */
  mayHaveRepl(): boolean
}

/** Creates a Serena without clients, which is not started. */
export function createSharedSerena(deps: SharedSerenaDeps): SharedSerena {
  const { spec } = deps
  const kept = createKeptAnswers(deps.copies, spec.copyKey)
  const isRunning = (): boolean => life.state() === 'running'
  const traffic = createSerenaTraffic({
    spec,
    kept,
    child: () => life.child(),
    isReady: isRunning,
    onAnswered: () => watch.answered(),
    onFault: deps.onFault,
    now: deps.now,
    awakeMs: deps.awakeMs,
  })
  const life = createLife(deps, traffic)
  const watch = createWatch(deps, traffic, life)
  const { members, handshake, tools, calls, requests } = traffic

  return {
    spec,
    life,
    calls,
    join(member) {
      members.add(member)
      handshake.join(member.initializeLine())
    },
    leave(member, isConnected) {
      members.remove(member)
      handshake.leave(member)
      if (!isConnected) calls.abandon(member.id)
    },
    members: members.all,
    initialize(member, line, rawId, startsIt) {
      const isAnswered = handshake.answer(member, line, rawId)
      // A client without a project may activate one first: then this Serena is never needed.
      if (!isAnswered || (startsIt && spec.root !== null && life.state() === 'stopped')) life.wake()
    },
    submit(call) {
      const answer = isRunning() ? null : kept.answerTo(call)
      if (answer) return call.answer(answer)
      requests.add(call)
      if (isRunning()) calls.pump()
      else life.wake()
    },
    cancel(member, line, parts) {
      const canceled = cancellationIn(line, parts)
      if (canceled) calls.cancel(member.id, canceled)
      calls.pump()
    },
    notify: traffic.notify,
    resume: calls.pump,
    tick() {
      if (isRunning()) watch.tick()
    },
    idleSinceMs: requests.idleSinceMs,
    mayHaveTool: tools.mayHave,
    mayHaveRepl: () => spec.isSerena && tools.mayHave('serena_repl'),
  }
}

/** Creates the life of the process that carries this traffic. */
function createLife(deps: SharedSerenaDeps, traffic: SerenaTraffic): SerenaLife {
  const { members, handshake, tools, calls, requests, own } = traffic

  /** Its process has exited. Returns whether it is needed now. */
  function onExit(): boolean {
    own.lose()
    requests.lose()
    return !calls.isIdle() || handshake.isAwaited()
  }

  return createSerenaLife({
    startChild: deps.startChild,
    mayRetry: deps.mayRetry,
    async prepare() {
      await handshake.perform()
      if (deps.spec.isSerena) tools.refreshAll()
    },
    onLine: traffic.receive,
    onReady: requests.begin,
    onCrash: () => onExit() || members.all().length > 0,
    onEnded: onExit,
    onFailure(fault) {
      own.lose()
      handshake.fail(fault)
      requests.fail(fault)
    },
    onChange: deps.onChange,
    onFault: deps.onFault,
    now: deps.now,
  })
}

/** Creates the watch that gives up calls, and replaces the process when it hangs. */
function createWatch(
  deps: SharedSerenaDeps,
  { calls, requests, own }: SerenaTraffic,
  life: SerenaLife,
): CallWatch {
  return createCallWatch({
    limits: deps.callLimits,
    now: deps.awakeMs,
    longestMs: calls.longestMs,
    ping: () => own.ask(requestLine('ping')),
    async watchChildren() {
      const { watchChildren } = await import('./children-work.ts')
      return watchChildren(life.child()?.pid ?? 0, deps.now)
    },
    giveUp: requests.giveUp,
    restart(why) {
      deps.onFault(new Error(`Serena ${life.child()?.pid ?? ''} is restarted: ${why}`))
      void life.replace(`Serena was restarted too often: ${why}.`)
    },
    onFault: deps.onFault,
  })
}
