// What `connect`, the command line and the backend say to the hub over its socket. The first line is a hello, the hub answers with one
// line; then the lines of a client are MCP messages, and those that begin with `!` are notes from the hub to `connect`. Everything is
// parsed by hand: hub and `connect` run for hours beside every client and must stay small.
import type { WrapFlags } from '../wrap/wrap-arguments.ts'

/** Raised when a hub or a `connect` of another number cannot serve it. It is not the release. */
export const PROTOCOL = 1

interface HelloBase {
  serenaDeck: 'hello'
  protocol: number
  /** Version of Serena Deck. */
  release: string
  pid: number
}

export interface HubFlags extends WrapFlags {
  /** Its own Serena, which still sleeps, wakes and is restarted. */
  isPrivate: boolean
  /** Clients with different names do not share. */
  shareAs: string | null
}

/** No flag is given. */
export const NO_FLAGS: HubFlags = {
  isGlobal: null,
  opensOnLaunch: null,
  globalPort: null,
  idleShutdownMinutes: null,
  isPrivate: false,
  shareAs: null,
}

export interface ClientHello extends HelloBase {
  kind: 'client'
  /** The parent of the `connect` process at its start. */
  parentPid: number
  cwd: string
  command: readonly [program: string, ...args: string[]]
  env: Readonly<Record<string, string>>
  flags: HubFlags
  /** Reconnects after the hub before has exited: `initialize` was answered before. */
  isResumed: boolean
}

/** Gets the status of the hub as one line of JSON now and after every change, at most once a second (`HubStatus`, not measured). */
export interface ObserverHello extends HelloBase {
  kind: 'observer'
}

/**
 * `stop`: ends the Serena `target`, or the hub when null; `restart`: ends the Serena `target`, or all, and starts them again; `detach`:
 * disconnects a client, whose `connect` exits; `retire`: the hub ends as soon as no call is running, and its clients start another.
 */
export interface ControlHello extends HelloBase {
  kind: 'control'
  action: 'stop' | 'restart' | 'detach' | 'retire'
  /** `s1`, `c3`; null: the hub. */
  target: string | null
}

export type Hello = ClientHello | ObserverHello | ControlHello

export type Welcome =
  | { serenaDeck: 'welcome'; protocol: number; release: string; pid: number }
  /** Whole sentences: why, and what to do. */
  | { serenaDeck: 'refused'; protocol: number; release: string; pid: number; why: string; fix: string }

/** The result of a control action, the second line. */
export type ControlResult = { done: true; count: number } | { done: false; why: string }

/**
 * From the hub to `connect`, after `!`. `exit`: its client has exited or was detached; `reconnect`: this hub is replaced, find or start
 * another; `wait`: this hub was stopped, start another with the next message of the client.
 */
export type Note = { note: 'exit' | 'reconnect' | 'wait' }
export const NOTE_MARK = 0x21
