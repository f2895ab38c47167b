// The verdict: facts of one instance -> its state, the reasons in plain words, and how certain they are. Pure.
// The rules stand in the order of the product's table; the first that matches wins.
import type { Certainty, Flag, State } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { DashboardKnowledge, InstanceFacts, Judgement, ProbeOutcome } from '../../facts.ts'
import { endpointText, isLoopback } from '../../lib/network-address.ts'
import { findOrphan } from './orphans.ts'
import { hostAdvice, isRefusing, placeOf, unreachableWords } from './place-words.ts'

/** Younger than this and silent is `starting`; older is judged. */
export const STARTING_MS = 60_000
/** `hung` needs so many probes without an answer, over at least so long. */
export const HUNG_PROBES = 3
export const HUNG_SPAN_MS = 10_000

type Finding = { certainty: Certainty; evidence: string[] }
type Rule = { state: State; match: (facts: InstanceFacts) => Finding | null }

const certain = (...evidence: string[]): Finding => ({ certainty: 'certain', evidence })
const unproven = (...evidence: string[]): Finding => ({ certainty: 'unknown', evidence })

const RULES: readonly Rule[] = [
  { state: 'unknown', match: whatCannotBeJudged },
  { state: 'dead', match: whatIsGone },
  { state: 'suspended', match: whatIsStopped },
  { state: 'orphaned', match: whatIsOrphaned },
  { state: 'leftover', match: whatIsLeftOver },
  { state: 'hung', match: whatHangs },
  { state: 'starting', match: whatStarts },
  { state: 'no-dashboard', match: whatHasNoDashboard },
  { state: 'unknown', match: whatHasNotAnsweredYet },
  { state: 'live', match: whatIsLive },
]

/** The judgement of one instance. Every set of facts gets one: what no rule matches is `idle`. */
export function judge(facts: InstanceFacts): Judgement {
  for (const { state, match } of RULES) {
    const finding = match(facts)
    if (finding) return withFlags(state, finding, facts)
  }
  return withFlags('idle', whatIsIdle(facts), facts)
}

function withFlags(state: State, finding: Finding, facts: InstanceFacts): Judgement {
  const flags: Flag[] = []
  const evidence = [...finding.evidence]
  // Of those that must not be touched, or are gone, nothing of the kind is said.
  if (state !== 'unknown' && state !== 'dead' && state !== 'suspended') {
    const orphan = findOrphan(facts)
    flags.push(...orphan.flags)
    if (state !== 'orphaned') evidence.push(...orphan.evidence)
  }
  const misses = missesOf(facts.dashboard)
  if (misses.length > 0 && (state === 'live' || state === 'idle')) {
    flags.push('slow')
    evidence.push(`No answer for ${formatSpan(facts.monotonicMs - (misses[0]?.atMs ?? facts.monotonicMs))}.`)
  }
  for (const { address, port, unreachable } of facts.listeners ?? []) {
    // What another network namespace connects to is not known here.
    if (isLoopback(address) || unreachable?.endsWith('-network')) continue
    if (!flags.includes('exposed')) flags.push('exposed')
    evidence.push(`Listens on ${endpointText(address, port)}, which other machines may reach.`)
  }
  return { state, flags, verdict: { certainty: finding.certainty, evidence } }
}

function whatCannotBeJudged({
  serena,
  details,
  entryFate,
  ownUid,
  listeners,
  dashboard,
}: InstanceFacts): Finding | null {
  if (entryFate?.kind === 'unjudgeable') return unproven(entryFate.why)
  if (!serena && dashboard)
    return unproven(
      `A Serena answers on ${where(dashboard)}, but its process cannot be read: it is another user's, a container's or WSL's.`,
    )
  if (!serena) return null
  const { uid, pid, runState } = serena.process
  if (uid !== null && ownUid !== null && uid !== ownUid)
    return unproven(`Process ${pid} belongs to another user (uid ${uid}).`)
  if (runState === 'Z' || runState === 'X') return null
  if (details?.isForeignNamespace === true)
    return unproven(`Process ${pid} lives in another pid namespace (a container).`)
  if (!details || details.isForeignNamespace === null)
    return unproven(`It cannot be proven that process ${pid} lives in this pid namespace.`)
  const isRefused = !details.isUntold && details.environment === null && details.cwd === null
  if (listeners === null || isRefused) return unproven(`The facts of process ${pid} cannot be read.`)
  return null
}

function whatIsGone({ serena, entries, entryFate }: InstanceFacts): Finding | null {
  const file = entries[0]?.file ?? 'a registry'
  const pid = entries[0]?.pid ?? serena?.process.pid
  if (entryFate?.kind === 'gone') return certain(`Process ${pid} is gone; its entry is left in ${file}.`)
  if (entryFate?.kind === 'defunct')
    return certain(`Process ${pid} has ended and only waits to be reaped; its entry is left in ${file}.`)
  if (entryFate?.kind === 'reused')
    return certain(`Process ${pid} is another one now (${entryFate.by}); the entry in ${file} is left over.`)
  return null
}

function whatIsStopped({ serena, details }: InstanceFacts): Finding | null {
  const pid = serena?.process.pid
  if (details?.tracerPid)
    return certain(`A debugger or tracer (process ${details.tracerPid}) is attached to process ${pid}.`)
  if (details?.isFrozen) return certain(`The cgroup of process ${pid} is frozen.`)
  const runState = serena?.process.runState
  if (runState === 'T' || runState === 't') return certain(`Process ${pid} is stopped (state ${runState}).`)
  return null
}

function whatIsOrphaned(facts: InstanceFacts): Finding | null {
  const { isOrphaned, evidence } = findOrphan(facts)
  return isOrphaned ? certain(...evidence) : null
}

function whatIsLeftOver({ leftTree, monotonicMs }: InstanceFacts): Finding | null {
  const first = leftTree?.living[0]
  if (!leftTree || !first) return null
  const { serenaPid, goneAtMs, living, name } = leftTree
  const more = living.length - 1
  const others = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'process' : 'processes'} of its tree`
  return certain(
    `Its Serena (process ${serenaPid}) is gone for ${formatSpan(monotonicMs - goneAtMs)}; ${name} (process ${first.pid})${others} ${more === 0 ? 'lives' : 'live'} on.`,
    `Process ${first.pid} was seen below that Serena while it lived, and is the same process still.`,
  )
}

function whatHangs({ serena, dashboard, ageMs, monotonicMs }: InstanceFacts): Finding | null {
  if (!serena || !dashboard) return null
  if (!dashboard.hasAnswered && (ageMs ?? 0) < STARTING_MS) return null
  const misses = missesOf(dashboard)
  const first = misses[0]
  const last = misses.at(-1)
  if (!first || !last || misses.length < HUNG_PROBES) return null
  if (last.atMs + last.tookMs - first.atMs < HUNG_SPAN_MS) return null
  return certain(
    `No answer on ${where(dashboard)} for ${formatSpan(monotonicMs - first.atMs)} (${misses.length} looks).`,
    ownership(serena.process.pid, dashboard),
  )
}

function whatStarts({ serena, dashboard, listeners, ageMs }: InstanceFacts): Finding | null {
  if (!serena || ageMs === null || ageMs >= STARTING_MS || dashboard?.hasAnswered) return null
  // It serves a dashboard already, only not to this machine.
  if (dashboard ? isRefusing(dashboard) : unreachableWords(listeners ?? []) !== null) return null
  // Its dashboard is switched off by its own arguments: there is nothing to wait for.
  if (!dashboard && serena.command.isDashboardEnabled === false) return null
  const what = serena.isLauncherOnly ? 'Its launcher began' : 'It began'
  return certain(`${what} ${formatSpan(ageMs)} ago and has not answered yet.`)
}

function whatHasNoDashboard({ serena, dashboard, listeners }: InstanceFacts): Finding | null {
  if (!serena) return null
  const { pid } = serena.process
  if (dashboard?.hostRefusal && isRefusing(dashboard))
    return certain(
      `Its dashboard on ${where(dashboard)} refuses this machine: its trusted hosts lack 127.0.0.1.`,
      hostAdvice(dashboard.hostRefusal),
      `Process ${pid} runs.`,
    )
  if (dashboard) return null
  const places = (listeners ?? []).map(placeOf)
  const reason =
    serena.command.isDashboardEnabled === false
      ? 'It was started with its dashboard switched off.'
      : places.length > 0
        ? (unreachableWords(listeners ?? []) ??
          `It listens on ${places.join(', ')}, where no dashboard answers.`)
        : 'It listens on no port: its dashboard is switched off, or another program took the port first.'
  return certain(`Process ${pid} runs.`, reason)
}

function whatHasNotAnsweredYet({ serena, dashboard }: InstanceFacts): Finding | null {
  if (!serena || !dashboard || dashboard.hasAnswered) return null
  return unproven(
    `It has not answered yet on ${where(dashboard)} (${missesOf(dashboard).length} of ${HUNG_PROBES} looks).`,
    ownership(serena.process.pid, dashboard),
  )
}

function whatIsLive(facts: InstanceFacts): Finding | null {
  const { dashboard, serena } = facts
  if (!dashboard?.look?.activeProject || !serena) return null
  return answered(facts, dashboard, 'a project is active')
}

function whatIsIdle(facts: InstanceFacts): Finding {
  const { dashboard } = facts
  if (!dashboard) return unproven('Nothing is known of it.')
  const cannotSay = dashboard.look?.activeProject === undefined
  return answered(
    facts,
    dashboard,
    cannotSay ? 'this old Serena cannot say which project is active' : 'no project is active',
  )
}

function answered(facts: InstanceFacts, dashboard: DashboardKnowledge, what: string): Finding {
  const pid = facts.serena?.process.pid ?? 0
  const { hostRefusal } = dashboard
  const accepted = hostRefusal?.acceptedHost ?? null
  const more =
    hostRefusal && accepted !== null
      ? [
          `It is asked for the host ${accepted}, because its trusted hosts lack 127.0.0.1: a browser on this machine is refused.`,
          hostAdvice(hostRefusal),
        ]
      : []
  return certain(`Answers on ${where(dashboard)}; ${what}.`, ownership(pid, dashboard), ...more)
}

/** The unanswered probes since the last answer, oldest first. */
export function missesOf(dashboard: DashboardKnowledge | null): readonly ProbeOutcome[] {
  const probes = dashboard?.probes ?? []
  const lastAnswer = probes.findLastIndex(({ result }) => result === 'answered')
  return probes.slice(lastAnswer + 1)
}

const where = ({ listener }: DashboardKnowledge): string => placeOf(listener)

const ownership = (pid: number, { listener, provenBy }: DashboardKnowledge): string =>
  provenBy === 'answered'
    ? `Process ${pid} owns that port.`
    : `Process ${pid} owns ${placeOf(listener)}, and its log names it as its dashboard.`
