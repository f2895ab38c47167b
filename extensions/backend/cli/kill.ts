// `kill` and `stop`: show the plan, ask, end the instances, print the receipt.

import * as z from 'zod/mini'
import {
  type EndingPlan,
  type EndingPlanItem,
  type EndRequest,
  type Receipt,
  scopeOf,
} from '#contract/ending'
import { AppError } from '#contract/errors'
import { type Instance } from '#contract/instance'
import { countOf, formatSpan } from '#contract/units'
import { isQuietFor, quietSinceMs } from '#contract/use'
import { PLAN_VERSION, RECEIPT_VERSION } from '#contract/versions'
import { type DeckSource } from '../access/deck-source.ts'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { unknownClientText } from './client-text.ts'
import { type PlanTextOptions, planText, receiptText } from './ending-text.ts'
import { parseFlags, parseSpan, switchFlag } from './flags.ts'

const stopSchema = z.object({ json: switchFlag, yes: switchFlag })
const killSchema = z.object({
  json: switchFlag,
  yes: switchFlag,
  zombies: switchFlag,
  dryRun: switchFlag,
  includeHung: switchFlag,
  includeChildren: switchFlag,
  unusedFor: z.optional(z.string()),
})

const DONE = 0
const FAILED = 1
const NOTHING_TO_DO = 3
const NOTHING: Receipt = { schema: RECEIPT_VERSION, ended: [], refused: [], survivors: [] }

interface Asked {
  json: boolean
  yes: boolean
  includeChildren?: boolean
  dryRun?: boolean
}

/** Runs `stop TARGET`; resolves to the exit code. */
export async function runStop(target: string, flags: unknown, terminal: Terminal): Promise<number> {
  const asked = parseFlags(stopSchema, flags)
  return withSource(terminal, (source) => endNamed(target, 'stop', asked, source, terminal))
}

/** Runs `kill TARGET` or `kill --zombies`; resolves to the exit code. */
export async function runKill(
  target: string | undefined,
  flags: unknown,
  terminal: Terminal,
): Promise<number> {
  const asked = parseFlags(killSchema, flags)
  const unusedForMs = asked.unusedFor === undefined ? null : parseSpan('--unused-for', asked.unusedFor)
  if (unusedForMs !== null && (asked.zombies || target !== undefined))
    throw new AppError('wrong-use', { issue: '--unused-for cannot be combined with a TARGET or --zombies.' })
  if (asked.zombies && target !== undefined)
    throw new AppError('wrong-use', { issue: '--zombies cannot be combined with a TARGET.' })
  if (unusedForMs === null && !asked.zombies && target === undefined)
    throw new AppError('wrong-use', { issue: 'Missing TARGET or --zombies.' })
  if (asked.includeHung && !asked.zombies)
    throw new AppError('wrong-use', { issue: '--include-hung requires --zombies.' })
  // Independent of the running instances, so that a script without --yes fails at its first run. A TARGET is resolved first.
  if (target === undefined && !asked.dryRun) checkConsent(asked, terminal)
  return withSource(terminal, async (source) => {
    if (unusedForMs !== null) return endUnused(unusedForMs, asked, source, terminal)
    if (target !== undefined && !asked.dryRun) return endNamed(target, 'kill', asked, source, terminal)
    if (target !== undefined) return showPlan(await planOf(target, source, terminal), asked, terminal, true)
    await source.settle((text) => terminal.writeError(`${text}\n`))
    const plan = withHung(await source.plan(null), asked.includeHung)
    return asked.dryRun ? showPlan(plan, asked, terminal) : endZombies(plan, asked, source, terminal)
  })
}

/** Throws `wrong-use` if --yes is missing and there is no terminal to ask in. */
function checkConsent({ yes }: Asked, { canAsk }: Terminal): void {
  if (!yes && !canAsk) throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes.' })
}

/** An instance without a process has no plan. */
function checkAwake({ state }: Instance): void {
  if (state === 'asleep')
    throw new AppError('not-to-be-ended', {
      why: 'It is asleep and has no process: the next call of a client starts it.',
    })
}

async function planOf(target: string, source: DeckSource, terminal: Terminal): Promise<EndingPlan> {
  const instance = await findInstance(source, target, terminal)
  checkAwake(instance)
  return withClient(await source.plan([instance.id]), instance)
}

/** The plan of one instance, with a sentence if its client is not visible and may be running. */
function withClient({ plan, ...rest }: EndingPlan, instance: Instance): EndingPlan {
  const text = unknownClientText(instance)
  return {
    ...rest,
    plan: plan.map((item) => ({ ...item, why: text === null ? item.why : [text, ...item.why] })),
  }
}

/** Only a hung instance whose client may be running is neither checked nor refused. */
const withHung = ({ plan, ...rest }: EndingPlan, isIncluded: boolean): EndingPlan => ({
  ...rest,
  plan: plan.map((item) => ({ ...item, checked: item.checked || (isIncluded && item.refusal === null) })),
})

function showPlan(
  plan: EndingPlan,
  { json, includeChildren = false }: Asked,
  terminal: Terminal,
  isNamed = false,
): number {
  const options = { isDryRun: true, includesChildren: includeChildren, isNamed }
  if (json) terminal.write(`${JSON.stringify(plan, null, 2)}\n`)
  else terminal.write(plan.plan.length === 0 ? 'There are no zombies.\n' : planText(plan, options))
  return plan.plan.length === 0 ? NOTHING_TO_DO : DONE
}

async function endNamed(
  target: string,
  mode: 'kill' | 'stop',
  asked: Asked,
  source: DeckSource,
  terminal: Terminal,
): Promise<number> {
  const instance = await findInstance(source, target, terminal)
  checkAwake(instance)
  const plan = withClient(await source.plan([instance.id]), instance)
  const refusal = plan.plan[0]?.refusal ?? null
  if (refusal !== null) throw new AppError('not-to-be-ended', { why: refusal })
  if (!(await isAgreed(plan, plan.plan, asked, terminal, true))) return FAILED
  return endAll(plan, { ids: [instance.id], scope: scopeOf(instance), mode }, asked, source, terminal)
}

/** Ends the instances without an MCP message for that long; the plan names the client of each. */
async function endUnused(
  spanMs: number,
  asked: Asked,
  source: DeckSource,
  terminal: Terminal,
): Promise<number> {
  const { instances } = await source.list()
  const nowMs = Date.now()
  const unused = instances.filter((one) => one.isLeftAlone !== true && isQuietFor(one, spanMs, nowMs))
  if (unused.length === 0) {
    const nothing = asked.dryRun ? { schema: PLAN_VERSION, plan: [] } : NOTHING
    if (asked.json) terminal.write(`${JSON.stringify(nothing, null, 2)}\n`)
    else terminal.write(`No instance has been unused for ${formatSpan(spanMs)}.\n`)
    return NOTHING_TO_DO
  }
  const { plan, ...rest } = await source.plan(unused.map(({ id }) => id))
  const titles = new Map(unused.map((one) => [one.id, quietLine(one, nowMs)]))
  const named: EndingPlan = {
    ...rest,
    plan: plan.map((item) => ({
      ...item,
      checked: item.refusal === null,
      why: [titles.get(item.id) ?? '', ...item.why].filter((reason) => reason !== ''),
    })),
  }
  if (asked.dryRun) return showPlan(named, asked, terminal)
  const chosen = named.plan.filter(({ checked }) => checked)
  if (chosen.length > 0 && !(await isAgreed(named, chosen, asked, terminal))) return FAILED
  const request: EndRequest | null =
    chosen.length === 0
      ? null
      : {
          ids: chosen.map(({ id }) => id),
          scope: 'named',
          unusedSince: new Date(nowMs - spanMs).toISOString(),
        }
  return endAll(named, request, asked, source, terminal)
}

const quietLine = (one: Instance, nowMs: number): string =>
  `No MCP message for ${formatSpan(nowMs - (quietSinceMs(one) ?? nowMs))}.`

async function endZombies(
  plan: EndingPlan,
  asked: Asked,
  source: DeckSource,
  terminal: Terminal,
): Promise<number> {
  const chosen = plan.plan.filter(({ checked }) => checked)
  const refused = plan.plan.filter(isRefused)
  if (chosen.length + refused.length === 0) {
    if (asked.json) terminal.write(`${JSON.stringify(NOTHING, null, 2)}\n`)
    else terminal.write(nothingText(plan))
    return NOTHING_TO_DO
  }
  if (chosen.length > 0 && !(await isAgreed(plan, chosen, asked, terminal))) return FAILED
  // Refused ones are not in the request: their end was not confirmed, even if they can be ended by then.
  return endAll(
    plan,
    chosen.length === 0 ? null : { ids: chosen.map(({ id }) => id) },
    asked,
    source,
    terminal,
  )
}

function nothingText({ plan }: EndingPlan): string {
  if (plan.length === 0) return 'There are no zombies.\n'
  return `${planText({ schema: PLAN_VERSION, plan })}No instance was ended.\n`
}

/** Shows what will be done and asks, unless --yes was passed. AppError `wrong-use` without --yes and without a terminal. */
async function isAgreed(
  plan: EndingPlan,
  chosen: readonly EndingPlanItem[],
  asked: Asked,
  terminal: Terminal,
  isNamed = false,
): Promise<boolean> {
  const { yes, json, includeChildren = false } = asked
  const options: PlanTextOptions = { includesChildren: includeChildren, isNamed }
  // The plan is read before the answer; stdout stays a JSON document.
  if (!json) terminal.write(planText(plan, options))
  else if (!yes) terminal.writeError(planText(plan, options))
  checkConsent(asked, terminal)
  if (yes || (await terminal.ask(questionOf(chosen)))) return true
  terminal.writeError('Nothing was changed.\n')
  return false
}

function questionOf(chosen: readonly EndingPlanItem[]): string {
  const words = countOf(chosen.length, 'instance')
  return chosen.some(({ isLeftAlone }) => isLeftAlone) ? `End ${words} that are left alone?` : `End ${words}?`
}

/** What is left alone was chosen by the user: the plan explains it, and it is no failure. */
const isRefused = ({ refusal, isLeftAlone }: EndingPlanItem): boolean => refusal !== null && !isLeftAlone

/** Null: no instance is ended. The receipt also says why others of the plan were refused. */
async function endAll(
  { plan }: EndingPlan,
  request: EndRequest | null,
  { json, includeChildren = false }: Asked,
  source: DeckSource,
  terminal: Terminal,
): Promise<number> {
  // Between two steps processes are stopped: an ending that has begun is finished.
  void terminal
    .untilStopped()
    .then(() =>
      terminal.writeError('Ending the current instance first; press Ctrl+C again to stop immediately.\n'),
    )
  const done =
    request === null
      ? NOTHING
      : await source.end({ ...request, ...(includeChildren && { includeChildren }), by: 'command-line' })
  const refused = plan.filter(isRefused).map(({ id, refusal }) => ({ id, why: refusal ?? '' }))
  const receipt: Receipt = { ...done, refused: [...done.refused, ...refused] }
  const titles = new Map(plan.map(({ id, title }) => [id, title]))
  terminal.write(json ? `${JSON.stringify(receipt, null, 2)}\n` : receiptText(receipt, titles))
  return receipt.refused.length + receipt.survivors.length > 0 ? FAILED : DONE
}
