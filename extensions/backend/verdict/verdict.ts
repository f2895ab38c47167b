// The verdict: facts of one instance -> its state, the reasons as sentences, and how certain they are. Pure.
// The rules are in the order of the table in docs/dev/verdicts.md; the first that matches wins.
import { type Flag, STATE_COLOUR, type State } from '#contract/instance'
import { countOf, formatSpan } from '#contract/units'
import { endpointText, isLoopback } from '../lib/network-address.ts'
import {
  matchHung,
  matchIdle,
  matchLive,
  matchNoDashboard,
  matchStarting,
  matchUnanswered,
  missesOf,
} from './dashboard-rules.ts'
import { certain, type Finding, type Rule, unknown } from './finding.ts'
import type { InstanceFacts, Judgment } from './instance-facts.ts'
import { findOrphan } from './orphans.ts'
import { matchDead, matchLeftover, matchSuspended, matchUnjudgeable } from './process-rules.ts'
import { bridgeEvidence, placeEvidence } from './remote-evidence.ts'

const RULES: readonly Rule[] = [
  { state: 'unknown', match: matchBridge },
  { state: 'unknown', match: matchUnjudgeable },
  { state: 'dead', match: matchDead },
  { state: 'suspended', match: matchSuspended },
  { state: 'orphaned', match: matchOrphaned },
  { state: 'leftover', match: matchLeftover },
  { state: 'hung', match: matchHung },
  { state: 'starting', match: matchStarting },
  { state: 'no-dashboard', match: matchNoDashboard },
  { state: 'unknown', match: matchUnanswered },
  { state: 'live', match: matchLive },
  { state: 'idle', match: matchIdle },
]

/** Returns the verdict on one instance. Facts that no rule matches are `idle`, with nothing known. */
export function judge(facts: InstanceFacts): Judgment {
  for (const { state, match } of RULES) {
    // The hub holds its connection: it watches it, and ends or restarts it.
    if (facts.hub && STATE_COLOUR[state] === 'red') continue
    const finding = match(facts)
    if (finding) return withFlags(state, finding, facts)
  }
  return withFlags('idle', unknown('Nothing is known about it yet.'), facts)
}

/** States in which an instance has exited or must not be touched: flags of its client do not apply. */
const WITHOUT_CLIENT_FLAGS: readonly State[] = ['unknown', 'dead', 'suspended']

function withFlags(state: State, finding: Finding, facts: InstanceFacts): Judgment {
  const flags: Flag[] = []
  const evidence = [...finding.evidence, ...placeEvidence(facts), ...hubEvidence(facts)]
  if (!WITHOUT_CLIENT_FLAGS.includes(state) && !facts.hub) {
    const orphan = findOrphan(facts)
    flags.push(...orphan.flags)
    if (state !== 'orphaned') evidence.push(...orphan.evidence)
  }
  const [firstMiss] = missesOf(facts.dashboard)
  if (firstMiss && (state === 'live' || state === 'idle')) {
    flags.push('slow')
    evidence.push(`No answer for ${formatSpan(facts.monotonicMs - firstMiss.atMs)}.`)
  }
  const exposed = exposedPlaces(facts)
  if (exposed.length > 0) flags.push('exposed')
  evidence.push(...exposed.map((place) => `Listens on ${place}, which other machines may reach.`))
  return { state, flags, verdict: { certainty: finding.certainty, evidence } }
}

function hubEvidence({ hub }: InstanceFacts): string[] {
  if (!hub) return []
  return [
    hub.clients === 0
      ? 'The hub keeps it running for its next client.'
      : `The hub runs it for ${countOf(hub.clients, 'client')}.`,
  ]
}

/** Sockets that are not on loopback. Who can connect to those of another network namespace is not known here. */
const exposedPlaces = ({ listeners }: InstanceFacts): string[] =>
  (listeners ?? [])
    .filter(({ address, unreachable }) => !isLoopback(address) && !unreachable?.endsWith('-network'))
    .map(({ address, port }) => endpointText(address, port))

function matchBridge(facts: InstanceFacts): Finding | null {
  const evidence = bridgeEvidence(facts)
  return evidence && unknown(...evidence)
}

function matchOrphaned(facts: InstanceFacts): Finding | null {
  const { isOrphaned, evidence } = findOrphan(facts)
  return isOrphaned ? certain(...evidence) : null
}
