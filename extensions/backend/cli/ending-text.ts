// Plan and receipt as text for a terminal. Pure.
import {
  type EndingPlan,
  type EndingPlanItem,
  type EndingWay,
  leftRunningText,
  type Receipt,
} from '#contract/ending'
import { METHOD_WORDS } from '#contract/ending-words'
import { countOf, formatBytes, processesOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'

/** Before anything is done, after `would be` or `will be`. */
const PLANNED: Readonly<Record<EndingWay, (verb: string) => string>> = {
  shutdown: (verb) => `${verb} asked to shut down`,
  terminate: (verb) => `${verb} sent SIGTERM`,
  force: (verb) => `${verb} killed (SIGKILL)`,
  'entry-removed': (verb) => `its registry entry ${verb} removed`,
}
const HUNG = 'it is hung, but its client may be running; --include-hung also ends it'
export interface PlanTextOptions {
  /** Nothing is done after it. */
  isDryRun?: boolean
  /** What would be left running is ended too. */
  includesChildren?: boolean
  /** The user named these: each is ended unless it is refused. */
  isNamed?: boolean
}

/** Whether it is ended when the plan is carried out. */
const isChosen = ({ checked, refusal }: EndingPlanItem, isNamed: boolean): boolean =>
  refusal === null && (checked || isNamed)

function mark(item: EndingPlanItem, isNamed: boolean): string {
  if (item.refusal !== null) return '-'
  return isChosen(item, isNamed) ? '✕' : '?'
}

/** One item: what, how, and the reasons below it. */
function itemText(
  item: EndingPlanItem,
  { isDryRun = false, includesChildren = false, isNamed = false }: PlanTextOptions,
): string {
  const verb = isDryRun ? 'would be' : 'will be'
  const size = item.processes > 0 ? `, ${processesOf(item.processes)}` : ''
  const memory = item.memoryBytes ? `, ${formatBytes(item.memoryBytes)}` : ''
  const how = isChosen(item, isNamed)
    ? `${PLANNED[item.how](verb)}${size}${memory}`
    : `${verb} skipped: ${item.refusal ?? HUNG}`
  const left = item.leftRunning ?? []
  const others =
    left.length === 0
      ? []
      : [`${verb} ${includesChildren ? 'also ended' : 'left running'}: ${leftRunningText(left)}`]
  const reasons = item.refusal === null ? [...item.why, ...(isChosen(item, isNamed) ? others : [])] : []
  return [`${mark(item, isNamed)} ${item.title}: ${how}`, ...reasons.map((reason) => `    ${reason}`)]
    .map((line) => `${line.slice(0, line.length - line.trimStart().length)}${visibleLine(line.trimStart())}`)
    .join('\n')
}

/** Returns the plan before it is carried out or, as a dry run, with its total; ends with a newline. */
export function planText({ plan }: EndingPlan, options: PlanTextOptions = {}): string {
  const { isDryRun = false, isNamed = false } = options
  const count = plan.filter((item) => isChosen(item, isNamed)).length
  const total = isDryRun ? [`Dry run: ${countOf(count, 'instance')} would be ended.`] : []
  return `${[...plan.map((item) => itemText(item, options)), ...total].join('\n')}\n`
}

/** Returns the result of an ending; ends with a newline. */
export function receiptText(
  { ended, refused, survivors, leftRunning = [] }: Receipt,
  titles: ReadonlyMap<string, string>,
): string {
  const freed = ended.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  const lines = [
    ...ended.flatMap(({ title, how, launch, launchProblem }) => [
      `✓ ${title}: ${how === 'entry-removed' ? 'removed' : 'ended'} (${METHOD_WORDS[how]})`,
      ...(launch === null ? [] : [`    started with: ${launch}`]),
      ...(launch === null || !launchProblem ? [] : [`    ${launchProblem}`]),
    ]),
    ...refused.map(({ id, why }) => `- ${titles.get(id) ?? id}: ${why}`),
    ...survivors.map(({ pid, why }) => `! Process ${pid} is still running: ${why}`),
    ...(leftRunning.length === 0 ? [] : [`left running: ${leftRunningText(leftRunning)}`]),
    `${countOf(ended.length, 'instance')} ended${freed > 0 ? `, ${formatBytes(freed)} freed` : ''}.`,
  ]
  return `${lines.map(visibleLine).join('\n')}\n`
}
