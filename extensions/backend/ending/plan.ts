// What would be ended, how and why: facts of instances -> a plan. Pure, and the same for one instance and for all.
import type { EndingPlanItem, EndingWay, EndRequest, LeftRunning } from '#contract/ending'
import { type Instance, STATE_COLOUR } from '#contract/instance'
import { clientWarning } from '#contract/owner-words'
import { LEFT_ALONE } from '#contract/project-label'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { processName } from '../os/process-name.ts'
import type { EntryStatus, RegistryEntry } from '../registry/registry-entry.ts'
import {
  growTree,
  type Limits,
  type Members,
  otherTrees,
  ownChain,
  protectionOf,
  type Tree,
  treeFrom,
} from '../serena/process-tree.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

/** The facts of one instance that a plan needs. */
export interface Candidate {
  instance: Instance
  /** The process in the table of this plan; null: it has no process, or the process has exited. */
  serena: SerenaProcess | null
  /** Null: cannot be proven. */
  isForeignNamespace: boolean | null
  /** Its dashboard answered the last probe as Serena: it can be requested to shut down. */
  isAnswering: boolean
  /** Why it is not ended from here: it runs in a container or elsewhere. Null: it may be. */
  outsideRefusal?: string | null
  /** False only when its client is known to have exited. */
  mayHaveClient: boolean
  /** For what an exited Serena left behind; null: it is none. */
  leftTree: Tree | null
  /** For one without a process: its registry entry; `refusal`: why the file is not changed, null: it may be. */
  left: { entry: RegistryEntry; status: EntryStatus; refusal: string | null } | null
}

/** `red`: only what is red; `named`: each was named by the user, whatever its state. */
export type Scope = NonNullable<EndRequest['scope']>

export interface PlanInput {
  candidates: readonly Candidate[]
  table: ProcessTable
  serenas: readonly SerenaProcess[]
  limits: Limits
  scope: Scope
  /** The user chose to end their own programs below a Serena as well. */
  includesPersons?: boolean
}

/** What is done to one instance. */
export type EndingAction =
  | { kind: 'entry'; entry: RegistryEntry }
  | {
      kind: 'processes'
      /** Those that are ended gracefully before any force: Serena alone, or all that one left behind. */
      targets: readonly ProcessFact[]
      tree: Tree
      members: Members['living']
      /** What is left running. */
      others: Members['others']
      /** A shutdown through its dashboard is tried first. */
      isAsked: boolean
    }

export interface PlannedEnding {
  item: EndingPlanItem
  instance: Instance
  /** Null: refused. */
  action: EndingAction | null
}

const EXITED = 'Its process has already exited.'
/** The list is new: it contains a process that changed its command line meanwhile, which is no longer a Serena. */
const NO_SERENA = 'Its process has exited or is no longer a Serena.'
const UNREAD = 'The process list is incomplete. Retry in a moment.'
const ASLEEP =
  'It is asleep and has no process. To disconnect its clients, run `serena-deck hub status` and `serena-deck hub detach`.'
/** The user's choice precedes every other reason. */
export const SPARED = `${LEFT_ALONE} To end it anyway, end it by name.`
const OURSELVES = 'It is Serena Deck itself or one of its parent processes.'

/** Returns the plan, in the order of the candidates. */
export function planEndings(input: PlanInput): PlannedEnding[] {
  return input.candidates.map((candidate) => {
    const { instance, left } = candidate
    const isSpared = instance.isLeftAlone === true && input.scope === 'red'
    const planned = isSpared
      ? SPARED
      : left
        ? entryRefusal(candidate, left)
        : processRefusal(candidate, input)
    const action = planned === null ? actionOf(candidate, input) : null
    const refusal = planned ?? (action === null ? EXITED : null)
    const others = action?.kind === 'processes' ? action.others : []
    const item: EndingPlanItem = {
      id: instance.id,
      title: instance.title,
      why: [...reasonsOf(instance)],
      how: wayOf(candidate),
      processes: action?.kind === 'processes' ? action.members.length : left ? 0 : instance.processCount,
      memoryBytes: left ? 0 : memoryOf(instance, action),
      checked: refusal === null && isCheckedAlone(candidate),
      refusal,
      ...(others.length > 0 && { leftRunning: others.map(namedProcess) }),
      ...(instance.isLeftAlone && { isLeftAlone: true }),
    }
    return { item, instance, action }
  })
}

/** Returns a process as plan and receipt name it. */
export const namedProcess = (fact: ProcessFact): LeftRunning => ({ pid: fact.pid, name: processName(fact) })

/** The memory that is freed: that of the whole tree, or of those that end when others are left running. */
function memoryOf({ memoryBytes }: Instance, action: EndingAction | null): number | null {
  if (memoryBytes === null || action?.kind !== 'processes' || action.others.length === 0) return memoryBytes
  return Math.min(
    memoryBytes,
    action.members.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
  )
}

/** Why it is ended; first what speaks against it: the user's choice, then what a running client loses. */
function reasonsOf(instance: Instance): readonly string[] {
  const warning = clientWarning(instance)
  return [
    ...(instance.isLeftAlone ? [LEFT_ALONE] : []),
    ...(warning === null ? [] : [warning]),
    ...instance.verdict.evidence,
  ]
}

/** The MCP side of a hung instance whose client is running may still work: only the user can choose it, as with what is left alone. */
const isCheckedAlone = ({ instance, mayHaveClient }: Candidate): boolean =>
  isRed(instance) && instance.isLeftAlone !== true && !(instance.state === 'hung' && mayHaveClient)

const isRed = ({ state }: Instance): boolean => STATE_COLOUR[state] === 'red'

function wayOf({ instance, isAnswering, left }: Candidate): EndingWay {
  if (left) return 'entry-removed'
  return isAskable(instance) && isAnswering ? 'shutdown' : 'terminate'
}

/** A hung or stopped one would not answer. */
const isAskable = ({ state }: Instance): boolean => state !== 'hung' && state !== 'suspended'

function entryRefusal(
  { instance }: Candidate,
  { status, refusal }: NonNullable<Candidate['left']>,
): string | null {
  if (status.kind === 'unjudgeable' || instance.state !== 'dead')
    return `Cannot verify that its process has exited. ${evidenceOf(instance)}`
  return refusal
}

function processRefusal(candidate: Candidate, input: PlanInput): string | null {
  const { instance, serena } = candidate
  if (instance.state === 'asleep') return ASLEEP
  if (candidate.outsideRefusal) return candidate.outsideRefusal
  if (instance.state === 'unknown') return `Its state is unknown. ${evidenceOf(instance)}`
  if (candidate.leftTree) return input.scope === 'named' ? null : doubtOf(instance)
  if (!serena) return input.table.isComplete ? NO_SERENA : UNREAD
  if (candidate.isForeignNamespace !== false)
    return `Cannot verify that process ${serena.process.pid} runs in this pid namespace.`
  const chain = ownChain(input.table, input.limits.ownPid)
  const reason = protectionOf(serena.process, input.limits, chain)
  if (reason !== null) return reason
  if (serena.descendants.some(({ identity }) => chain.has(identity))) return OURSELVES
  return input.scope === 'named' ? null : doubtOf(instance)
}

/** Why it is ended only when it is named. */
function doubtOf(instance: Instance): string | null {
  const { state, flags, verdict } = instance
  if (!isRed(instance)) return `It is now ${state}, so it is not ended.`
  if (verdict.certainty !== 'certain') return 'It is not confirmed to be a zombie.'
  if (flags.includes('finishing'))
    return 'One of its tools is still running. Wait until it finishes, or end this instance by name.'
  return null
}

function actionOf(candidate: Candidate, input: PlanInput): EndingAction | null {
  const { instance, serena, isAnswering, left, leftTree } = candidate
  if (left) return { kind: 'entry', entry: left.entry }
  const drawn = leftTree ?? (serena && treeFrom(serena))
  if (drawn === null) return null
  const before = input.includesPersons ? { ...drawn, includesPersons: true } : drawn
  const { tree, living, others } = growTree(before, input.table, isProtectedFrom(before, input))
  if (!serena || leftTree)
    return living.length === 0
      ? null
      : { kind: 'processes', targets: living, tree, members: living, others, isAsked: false }
  const isAsked = isAskable(instance) && isAnswering
  return { kind: 'processes', targets: [serena.process], tree, members: living, others, isAsked }
}

/** Returns which processes the end of this tree never touches. */
export function isProtectedFrom(
  tree: Tree,
  { table, serenas, limits }: Pick<PlanInput, 'table' | 'serenas' | 'limits'>,
): (fact: ProcessFact) => boolean {
  const chain = ownChain(table, limits.ownPid)
  const others = otherTrees(serenas, tree)
  return (fact) => others.has(fact.identity) || protectionOf(fact, limits, chain) !== null
}

const evidenceOf = ({ verdict }: Instance): string => verdict.evidence[0] ?? ''
