// The rows of the verdict table that the process alone decides: unknown, dead, suspended, leftover. Pure.
import { countOf, formatSpan } from '#contract/units'
import { isDefunct } from '../os/defunct.ts'
import { certain, type Finding, unknown } from './finding.ts'
import type { InstanceFacts } from './instance-facts.ts'
import { placeOf } from './place-text.ts'

/** Matches processes whose facts cannot be read, or that are not this user's. They must not be touched. */
export function matchUnjudgeable(facts: InstanceFacts): Finding | null {
  const { serena, details, entryStatus, ownUid, listeners, dashboard } = facts
  if (entryStatus?.kind === 'unjudgeable') return unknown(entryStatus.why)
  if (!serena && dashboard)
    return unknown(
      `A Serena answers on ${placeOf(dashboard.listener)}, but its process cannot be read: it belongs to another user, a container or WSL.`,
    )
  if (!serena) return null
  const { uid, pid } = serena.process
  if (uid !== null && ownUid !== null && uid !== ownUid)
    return unknown(`Process ${pid} belongs to another user (uid ${uid}).`)
  if (isDefunct(serena.process)) return null
  if (details?.isForeignNamespace === true)
    return unknown(`Process ${pid} runs in another pid namespace (a container).`)
  if (!details || details.isForeignNamespace === null)
    return unknown(`Cannot verify that process ${pid} runs in this pid namespace.`)
  const isRefused = !details.isUnavailable && details.environment === null && details.cwd === null
  if (listeners === null || isRefused)
    return unknown(details.refusal ?? `The facts of process ${pid} cannot be read.`)
  return null
}

export function matchDead({ serena, entries, entryStatus }: InstanceFacts): Finding | null {
  const file = entries[0]?.file ?? 'a registry'
  const pid = entries[0]?.pid ?? serena?.process.pid
  if (entryStatus?.kind === 'gone')
    return certain(`Process ${pid} has exited; its entry is still in ${file}.`)
  if (entryStatus?.kind === 'defunct')
    return certain(
      `Process ${pid} has exited and waits to be reaped by its parent; its entry is still in ${file}.`,
    )
  if (entryStatus?.kind === 'reused')
    return certain(
      `Process ${pid} is now another program (${entryStatus.by}); the entry in ${file} is stale.`,
    )
  return null
}

export function matchSuspended({ serena, details }: InstanceFacts): Finding | null {
  const pid = serena?.process.pid
  if (details?.tracerPid)
    return certain(`A debugger or tracer (process ${details.tracerPid}) is attached to process ${pid}.`)
  if (details?.isFrozen) return certain(`The cgroup of process ${pid} is frozen.`)
  const runState = serena?.process.runState
  if (runState === 'T' || runState === 't') return certain(`Process ${pid} is stopped (state ${runState}).`)
  return null
}

export function matchLeftover({ leftTree, monotonicMs }: InstanceFacts): Finding | null {
  const first = leftTree?.running[0]
  if (!leftTree || !first) return null
  const { serenaPid, exitedAtMs, running, name } = leftTree
  const more = running.length - 1
  const others = more === 0 ? 'is' : `and ${countOf(more, 'more process', 'more processes')} of its tree are`
  return certain(
    `Its Serena (process ${serenaPid}) exited ${formatSpan(monotonicMs - exitedAtMs)} ago; ${name} (process ${first.pid}) ${others} still running.`,
    `Process ${first.pid} was a descendant of that Serena, and is still the same process.`,
  )
}
