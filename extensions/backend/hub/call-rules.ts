// Which calls one Serena may get at once. Pure.
import { serverVersion } from '../mcp/initialize.ts'
import type { ToolFacts } from './tool-facts.ts'

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

const MOST_PARALLEL = 8
/** Session changes, however they are marked. */
const NEVER_REPEATED = ['activate_project', 'switch_modes', 'serena_repl']

/** Returns the rules of a server. `initialized`: its answer to `initialize`; null: not known yet. */
export function callRules(isSerena: boolean, initialized: Buffer | null, tools: ToolFacts): CallRules {
  return {
    limit: isSerena ? serenaLimit(initialized) : Number.POSITIVE_INFINITY,
    isSerial: isSerena,
    isReadOnly: (tool) => tools.readOnly.has(tool) && !NEVER_REPEATED.includes(tool),
  }
}

/** Whether a tool call may be sent while this many others are running. */
export function mayStart(isReadOnly: boolean, running: number, { limit, isSerial }: CallRules): boolean {
  return running < limit && (!isSerial || running === 0 || isReadOnly)
}

/** From 2.0 on Serena takes several calls; before that more than one gains nothing (docs/dev/hub.md). */
function serenaLimit(initialized: Buffer | null): number {
  const version = initialized && serverVersion(initialized)
  return Number.parseInt(version ?? '0', 10) >= 2 ? MOST_PARALLEL : 1
}
