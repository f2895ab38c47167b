// What would be ended, how and why: facts of instances -> a plan. Pure, and the same for one and for all.
import type { EndingPlanItem, EndingWay, EndRequest, LeftRunning } from '#contract/ending'
import { type Instance, STATE_COLOUR } from '#contract/instance'
import { clientWarning } from '#contract/owner-words'
import type { EntryFate, ProcessFact, ProcessTable, RegistryEntry, SerenaProcess } from '../../facts.ts'
import { processName } from '../../lib/process-name.ts'
import {
  barOf,
  growTree,
  type Limits,
  type Members,
  otherTrees,
  ownChain,
  type Tree,
  treeFrom,
} from '../../lib/process-tree.ts'

/** What a plan needs to know of one instance. */
export interface Candidate {
  instance: Instance
  /** As the table of this plan has it; null: it has no process, or it has ended. */
  serena: SerenaProcess | null
  /** Null: cannot be proven. */
  isForeignNamespace: boolean | null
  /** Its dashboard answered as Serena when it was asked last: it can be asked to shut down. */
  isAnswering: boolean
  /** False only when its client is known to be gone. */
  mayHaveClient: boolean
  /** For what a gone Serena left behind; null: it is none. */
  leftTree: Tree | null
  /** For one without a process: the entry that is left of it; `bar`: why its file is left alone, null: it need not be. */
  left: { entry: RegistryEntry; fate: EntryFate; bar: string | null } | null
}

/** `red`: only what is red; `named`: each was named by the person, whatever its state. */
export type Scope = NonNullable<EndRequest['scope']>

export interface PlanInput {
  candidates: readonly Candidate[]
  table: ProcessTable
  serenas: readonly SerenaProcess[]
  limits: Limits
  scope: Scope
  /** The person chose to end their own programs below a Serena as well. */
  includesPersons?: boolean
}

/** What is done to one instance. */
export type Deed =
  | { kind: 'entry'; entry: RegistryEntry }
  | {
      kind: 'processes'
      /** Those that are told to end before any force: Serena alone, or all that one left behind. */
      told: readonly ProcessFact[]
      tree: Tree
      members: Members['living']
      /** What is left running. */
      others: Members['others']
      /** Its dashboard is asked first. */
      isAsked: boolean
    }

export interface PlannedEnding {
  item: EndingPlanItem
  instance: Instance
  /** Null: refused. */
  deed: Deed | null
}

const ENDED_ALREADY = 'Its process has ended already.'
/** This list is read anew: what changed its command line meanwhile is in it, and no Serena. */
const NO_SERENA = 'Its process has ended, or is no Serena any more.'
const UNREAD = 'The list of processes cannot be read whole just now.'

/** The plan, in the order of the candidates. */
export function planEndings(input: PlanInput): PlannedEnding[] {
  return input.candidates.map((candidate) => {
    const { instance, left } = candidate
    const planned = left ? entryRefusal(candidate, left) : processRefusal(candidate, input)
    const deed = planned === null ? deedOf(candidate, input) : null
    const refusal = planned ?? (deed === null ? ENDED_ALREADY : null)
    const others = deed?.kind === 'processes' ? deed.others : []
    const item: EndingPlanItem = {
      id: instance.id,
      title: instance.title,
      why: [...reasonsOf(instance)],
      how: wayOf(candidate),
      processes: deed?.kind === 'processes' ? deed.members.length : left ? 0 : instance.processCount,
      memoryBytes: left ? 0 : memoryOf(instance, deed),
      checked: refusal === null && isCheckedAlone(candidate),
      refusal,
      ...(others.length > 0 && { leftRunning: others.map(namedProcess) }),
    }
    return { item, instance, deed }
  })
}

/** A process as plan and receipt name it. */
export const namedProcess = (fact: ProcessFact): LeftRunning => ({ pid: fact.pid, name: processName(fact) })

/** What returns: the memory of the whole tree, at most that of those which end when others are left running. */
function memoryOf({ memoryBytes }: Instance, deed: Deed | null): number | null {
  if (memoryBytes === null || deed?.kind !== 'processes' || deed.others.length === 0) return memoryBytes
  return Math.min(
    memoryBytes,
    deed.members.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
  )
}

/** Why it is ended; of one whose client is running first what that client loses. */
function reasonsOf(instance: Instance): readonly string[] {
  const warning = clientWarning(instance)
  const { evidence } = instance.verdict
  return warning === null ? evidence : [warning, ...evidence]
}

/** The MCP side of a hung one whose client lives may still work: only a hand chooses it. */
const isCheckedAlone = ({ instance, mayHaveClient }: Candidate): boolean =>
  isRed(instance) && !(instance.state === 'hung' && mayHaveClient)

const isRed = ({ state }: Instance): boolean => STATE_COLOUR[state] === 'red'

function wayOf({ instance, isAnswering, left }: Candidate): EndingWay {
  if (left) return 'entry-removed'
  return isAskable(instance) && isAnswering ? 'shutdown' : 'terminate'
}

/** One that hangs or is stopped would not hear it. */
const isAskable = ({ state }: Instance): boolean => state !== 'hung' && state !== 'suspended'

function entryRefusal({ instance }: Candidate, { fate, bar }: NonNullable<Candidate['left']>): string | null {
  if (fate.kind === 'unjudgeable' || instance.state !== 'dead')
    return `It is not proven that its process has ended. ${evidenceOf(instance)}`
  return bar
}

function processRefusal(candidate: Candidate, input: PlanInput): string | null {
  const { instance, serena } = candidate
  if (instance.state === 'unknown') return `It cannot be judged. ${evidenceOf(instance)}`
  if (candidate.leftTree) return input.scope === 'named' ? null : doubtOf(instance)
  if (!serena) return input.table.isComplete ? NO_SERENA : UNREAD
  if (candidate.isForeignNamespace !== false)
    return `It is not proven that process ${serena.process.pid} lives in this pid namespace.`
  const chain = ownChain(input.table, input.limits.ownPid)
  const bar = barOf(serena.process, input.limits, chain)
  if (bar !== null) return bar
  if (serena.descendants.some(({ identity }) => chain.has(identity)))
    return 'It is Serena Deck itself, or what runs it.'
  return input.scope === 'named' ? null : doubtOf(instance)
}

/** What may be ended only by its own name. */
function doubtOf(instance: Instance): string | null {
  const { state, flags, verdict } = instance
  if (!isRed(instance)) return `It is left alone: it is ${state} now.`
  if (verdict.certainty !== 'certain') return 'It is not certain that it is a zombie.'
  if (flags.includes('finishing'))
    return 'A tool of it still runs: it is left to finish, or ended by its own name.'
  return null
}

function deedOf(candidate: Candidate, input: PlanInput): Deed | null {
  const { instance, serena, isAnswering, left, leftTree } = candidate
  if (left) return { kind: 'entry', entry: left.entry }
  const drawn = leftTree ?? (serena && treeFrom(serena))
  if (drawn === null) return null
  const before = input.includesPersons ? { ...drawn, includesPersons: true } : drawn
  const { tree, living, others } = growTree(before, input.table, bars(before, input))
  if (!serena || leftTree)
    return living.length === 0
      ? null
      : { kind: 'processes', told: living, tree, members: living, others, isAsked: false }
  const isAsked = isAskable(instance) && isAnswering
  return { kind: 'processes', told: [serena.process], tree, members: living, others, isAsked }
}

/** Whom the end of this tree never touches. */
export function bars(
  tree: Tree,
  { table, serenas, limits }: Pick<PlanInput, 'table' | 'serenas' | 'limits'>,
): (fact: ProcessFact) => boolean {
  const chain = ownChain(table, limits.ownPid)
  const others = otherTrees(serenas, tree)
  return (fact) => others.has(fact.identity) || barOf(fact, limits, chain) !== null
}

const evidenceOf = ({ verdict }: Instance): string => verdict.evidence[0] ?? ''
