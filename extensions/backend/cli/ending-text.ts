// Plan and receipt as a person reads them in a terminal. Pure.
import {
  type EndingPlan,
  type EndingPlanItem,
  type EndingWay,
  leftRunningText,
  type Receipt,
} from '#contract/ending'
import { countOf, formatBytes, processesOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'

const HOW: Readonly<Record<EndingWay, string>> = {
  shutdown: 'asked to shut down',
  terminate: 'told to end (SIGTERM)',
  force: 'killed',
  'entry-removed': 'its entry is removed',
}
/** How an instance ended, after its title. */
export const DONE: Readonly<Record<EndingWay, string>> = {
  shutdown: 'shut itself down',
  terminate: 'ended (SIGTERM)',
  force: 'was killed',
  'entry-removed': 'its entry was removed',
}

function mark({ refusal, checked }: EndingPlanItem): string {
  if (refusal !== null) return '-'
  return checked ? '✕' : '?'
}

/** One item: what, how, and the reasons below it. */
function itemText(item: EndingPlanItem, includesChildren: boolean): string {
  const size = item.processes > 0 ? `, ${processesOf(item.processes)}` : ''
  const memory = item.memoryBytes ? `, ${formatBytes(item.memoryBytes)}` : ''
  const how = item.refusal === null ? `${HOW[item.how]}${size}${memory}` : `left alone: ${item.refusal}`
  const left = item.leftRunning ?? []
  const others =
    left.length === 0 ? [] : [`${includesChildren ? 'also ended' : 'left running'}: ${leftRunningText(left)}`]
  const reasons = item.refusal === null ? [...item.why, ...others] : []
  return [`${mark(item)} ${item.title}: ${how}`, ...reasons.map((reason) => `    ${reason}`)]
    .map((line) => `${line.slice(0, line.length - line.trimStart().length)}${visibleLine(line.trimStart())}`)
    .join('\n')
}

/** The plan; ends with a newline. `includesChildren`: what would be left running is ended too. */
export function planText({ plan }: EndingPlan, includesChildren = false): string {
  return `${plan.map((item) => itemText(item, includesChildren)).join('\n')}\n`
}

/** What came of it; ends with a newline. */
export function receiptText(
  { ended, refused, survivors, leftRunning = [] }: Receipt,
  titles: ReadonlyMap<string, string>,
): string {
  const freed = ended.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  const lines = [
    ...ended.flatMap(({ title, how, launch }) => [
      `✓ ${title} ${DONE[how]}`,
      ...(launch === null ? [] : [`    started with: ${launch}`]),
    ]),
    ...refused.map(({ id, why }) => `- ${titles.get(id) ?? id}: ${why}`),
    ...survivors.map(({ pid, why }) => `! Process ${pid} lives on: ${why}`),
    ...(leftRunning.length === 0 ? [] : [`left running: ${leftRunningText(leftRunning)}`]),
    `${countOf(ended.length, 'instance')} ended${freed > 0 ? `, ${formatBytes(freed)} freed` : ''}.`,
  ]
  return `${lines.map(visibleLine).join('\n')}\n`
}
