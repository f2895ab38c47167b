// The rows of the verdict table that the dashboard decides: hung, starting, no-dashboard, unknown, live, idle. Pure.
import { formatSpan } from '#contract/units'
import type { DashboardKnowledge, ProbeOutcome } from '../dashboards/dashboard-facts.ts'
import { certain, type Finding, probable, unknown } from './finding.ts'
import type { InstanceFacts } from './instance-facts.ts'
import { hostAdvice, isRefusing, placeOf, unreachableText } from './place-text.ts'

/** A younger instance without an answer is `starting`. */
export const STARTING_MS = 60_000
/** `hung` requires this number of probes without an answer, over at least this time. */
export const HUNG_PROBES = 3
export const HUNG_SPAN_MS = 10_000

export function matchHung({ serena, dashboard, ageMs, monotonicMs }: InstanceFacts): Finding | null {
  if (!serena || !dashboard) return null
  if (!dashboard.hasAnswered && (ageMs ?? 0) < STARTING_MS) return null
  const misses = missesOf(dashboard)
  const first = misses[0]
  const last = misses.at(-1)
  if (!first || !last || misses.length < HUNG_PROBES) return null
  if (last.atMs + last.tookMs - first.atMs < HUNG_SPAN_MS) return null
  return certain(
    `No answer on ${placeOf(dashboard.listener)} for ${formatSpan(monotonicMs - first.atMs)} (${misses.length} probes).`,
    ownership(serena.process.pid, dashboard),
  )
}

export function matchStarting({ serena, dashboard, listeners, ageMs }: InstanceFacts): Finding | null {
  if (!serena || ageMs === null || ageMs >= STARTING_MS || dashboard?.hasAnswered) return null
  // It serves a dashboard already, only not to this machine.
  if (dashboard ? isRefusing(dashboard) : unreachableText(listeners ?? []) !== null) return null
  // Its arguments disable the dashboard: no answer can come.
  if (!dashboard && serena.command.isDashboardEnabled === false) return null
  const subject = serena.isLauncherOnly ? 'Its launcher' : 'It'
  return certain(`${subject} started ${formatSpan(ageMs)} ago and has not answered yet.`)
}

export function matchNoDashboard({ serena, dashboard, listeners }: InstanceFacts): Finding | null {
  if (!serena) return null
  const runs = `Process ${serena.process.pid} is running.`
  if (dashboard?.hostRefusal && isRefusing(dashboard))
    return certain(
      `Its dashboard on ${placeOf(dashboard.listener)} refuses this machine: its trusted hosts do not include 127.0.0.1.`,
      hostAdvice(dashboard.hostRefusal),
      runs,
    )
  if (dashboard) return null
  if (serena.command.isDashboardEnabled === false)
    return certain(runs, 'It was started with its dashboard disabled.')
  const places = (listeners ?? []).map(placeOf)
  if (places.length === 0)
    return certain(
      runs,
      'It does not listen on any port: its dashboard is disabled, or another program took the port first.',
    )
  const silent = `It listens on ${places.join(', ')}, where no dashboard answers.`
  return certain(runs, unreachableText(listeners ?? []) ?? silent)
}

export function matchUnanswered({ serena, dashboard }: InstanceFacts): Finding | null {
  if (!serena || !dashboard || dashboard.hasAnswered) return null
  return unknown(
    `It has not answered yet on ${placeOf(dashboard.listener)} (${missesOf(dashboard).length} of ${HUNG_PROBES} probes).`,
    ownership(serena.process.pid, dashboard),
  )
}

export function matchLive({ serena, dashboard }: InstanceFacts): Finding | null {
  if (!serena || !dashboard?.status?.activeProject) return null
  return certain(...answered(serena.process.pid, dashboard, 'a project is active'))
}

export function matchIdle({ serena, dashboard }: InstanceFacts): Finding | null {
  if (!dashboard) return null
  const pid = serena?.process.pid ?? 0
  if (dashboard.status?.activeProject === undefined)
    return probable(...answered(pid, dashboard, 'this version of Serena does not report its active project'))
  return certain(...answered(pid, dashboard, 'no project is active'))
}

function answered(pid: number, dashboard: DashboardKnowledge, what: string): string[] {
  const { hostRefusal } = dashboard
  const evidence = [`Answers on ${placeOf(dashboard.listener)}; ${what}.`, ownership(pid, dashboard)]
  if (!hostRefusal || hostRefusal.acceptedHost === null) return evidence
  return [
    ...evidence,
    `Its trusted hosts do not include 127.0.0.1: it answers to the host ${hostRefusal.acceptedHost}, and refuses browsers on this machine.`,
    hostAdvice(hostRefusal),
  ]
}

/** Returns the unanswered probes since the last answer, oldest first. */
export function missesOf(dashboard: DashboardKnowledge | null): readonly ProbeOutcome[] {
  const probes = dashboard?.probes ?? []
  const lastAnswer = probes.findLastIndex(({ result }) => result === 'answered')
  return probes.slice(lastAnswer + 1)
}

const ownership = (pid: number, { listener, provenBy }: DashboardKnowledge): string =>
  provenBy === 'answered'
    ? `Process ${pid} owns that port.`
    : `Process ${pid} owns ${placeOf(listener)}, and its log names it as its dashboard.`
