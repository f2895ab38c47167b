// The ending of instances: the same plan for one and for all, made again from a new scan before anything is done.
import type { EndingEvent, EndingPlan, EndRequest, Receipt } from '#contract/ending'
import { AppError } from '#contract/errors'
import type { Instance, InstanceList } from '#contract/instance'
import { quietSinceMs } from '#contract/use'
import { PLAN_VERSION } from '#contract/versions'
import { coalesce } from '../lib/coalesce.ts'
import type { ProcessEnder } from '../os/held-process.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { type ActDeps, carryOut, type Snapshot } from './act.ts'
import { type CandidateDeps, readCandidates } from './candidates.ts'
import { type Outcome, refuse } from './outcome.ts'
import { type PlannedEnding, planEndings, type Scope, SPARED } from './plan.ts'
import { type Launches, receiptOf } from './receipt.ts'
import type { Mode } from './verify.ts'

/** Ends instances: a plan changes nothing, and an ending scans again first. */
export interface EndingService {
  /** Null: every red one; one id: that one, whatever its state. */
  plan(ids: readonly string[] | null): Promise<EndingPlan>
  /** Resolves when all endings are finished. Errors: `instance-not-found`, `instance-replaced`, `not-to-be-ended`. */
  end(request: EndRequest): Promise<Receipt>
  /** Calls back with each step. Call the returned function to stop. */
  subscribe(onEvent: (event: EndingEvent) => void): () => void
}

export interface EndingDeps
  extends CandidateDeps,
    Pick<ActDeps, 'ask' | 'removeEntry' | 'clock' | 'journals' | 'limits'> {
  current(): InstanceList
  /** A scan that begins after the call and waits for no dashboard. */
  scan(): Promise<InstanceList>
  /** Its start command for a shell; null: not known. */
  launchOf(id: string): string | null
  /** Why that command no longer works; null: no problem is known. */
  launchProblemOf(id: string): string | null
  findSerenas(table: ProcessTable): readonly SerenaProcess[]
  /** Probes its dashboard once, even if no probe is due. */
  answers(id: string): Promise<boolean>
  ender: ProcessEnder
  /** Finishes what a killed backend left unfinished. */
  finishUnfinished(): Promise<void>
}

/** Creates the service of one deck. Errors: `instance-not-found`, `instance-replaced`, `not-to-be-ended`, `bad-input`. */
export function createEnding(deps: EndingDeps): EndingService {
  const listeners = new Set<(event: EndingEvent) => void>()
  const snapshot = coalesce(async (): Promise<Snapshot> => {
    const table = await deps.ender.list()
    return { table, serenas: deps.findSerenas(table) }
  })
  const act: ActDeps = {
    ...deps,
    hold: deps.ender.hold,
    snapshot,
    report(id, step, text) {
      for (const listener of listeners) listener({ type: 'ending', id, step, text })
    },
  }
  const endOne = createEndOne(act)
  const planFor = createPlanner(snapshot, deps)

  return {
    async plan(ids) {
      await deps.finishUnfinished()
      const { instances } = await deps.scan()
      const chosen =
        ids === null
          ? instances.filter(({ colour }) => colour === 'red')
          : ids.map((id) => instances.find((one) => one.id === id) ?? missing(id, instances))
      const planned = await planFor(chosen, ids === null ? 'red' : 'named', false)
      return { schema: PLAN_VERSION, plan: planned.map(({ item }) => item) }
    },

    async end({ ids, scope = 'red', mode = 'kill', includeChildren = false, unusedSince }) {
      await deps.finishUnfinished()
      const wanted = [...new Set(ids)]
      const before = deps.current().instances.filter(({ id }) => wanted.includes(id))
      const launches = launchesOf(wanted, deps)
      const { list, recovered } = await scanAgain(wanted, deps)
      const chosen = list.instances.filter(({ id }) => wanted.includes(id))
      // One that exited since the plan does not affect the others. A request with none but those was made from an old list.
      const [unknown] = chosen.length + before.length === 0 ? wanted : []
      if (unknown !== undefined) missing(unknown, list.instances)
      const spared = sparedOf(chosen, unusedSince)
      const unused = chosen.filter(({ id }) => !spared.has(id))
      const planned = await planFor(unused, scope, includeChildren)
      const [first] = planned
      if (scope === 'named' && wanted.length === 1 && first?.item.refusal)
        throw new AppError('not-to-be-ended', { why: first.item.refusal })
      const ended = await Promise.all(
        planned.map((one) => endOne(one, scope === 'red' && recovered.has(one.item.id), mode)),
      )
      const notEnded = [...refuseSpared(spared, act), ...refuseMissing(wanted, chosen, before, act)]
      await deps.scan()
      return receiptOf([...ended, ...notEnded], launches)
    },

    subscribe(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
  }
}

type Planner = (
  instances: readonly Instance[],
  scope: Scope,
  includesPersons: boolean,
) => Promise<PlannedEnding[]>

const createPlanner =
  (snapshot: ActDeps['snapshot'], deps: CandidateDeps & Pick<ActDeps, 'limits'>): Planner =>
  async (instances, scope, includesPersons) => {
    const { table, serenas } = await snapshot()
    const candidates = await readCandidates(instances, serenas, deps)
    return planEndings({ candidates, table, serenas, limits: deps.limits, scope, includesPersons })
  }

/** Ends each instance once at a time. */
function createEndOne(
  act: ActDeps,
): (planned: PlannedEnding, isRecovered: boolean, mode: Mode) => Promise<Outcome> {
  const busy = new Set<string>()
  return async (planned, isRecovered, mode) => {
    const { id } = planned.item
    if (busy.has(id)) return refuse(id, 'It is already being ended.', act.report)
    if (isRecovered) return refuse(id, 'It answers again, so it was not ended.', act.report)
    busy.add(id)
    try {
      return await carryOut(planned, mode, act)
    } catch (error) {
      // A failure with one instance does not affect the receipt of the others.
      return refuse(id, `Its ending failed (${messageOf(error)}). Check it and retry.`, act.report)
    } finally {
      busy.delete(id)
    }
  }
}

/** Scans again, and probes each hung instance again: a red instance that recovered is not ended. */
async function scanAgain(
  ids: readonly string[],
  { current, scan, answers }: Pick<EndingDeps, 'current' | 'scan' | 'answers'>,
): Promise<{ list: InstanceList; recovered: Set<string> }> {
  const hung = current().instances.filter(({ id, state }) => state === 'hung' && ids.includes(id))
  const [list, answering] = await Promise.all([
    scan(),
    Promise.all(hung.map(async ({ id }) => ((await answers(id)) ? [id] : []))),
  ])
  return { list, recovered: new Set(answering.flat()) }
}

const launchesOf = (
  ids: readonly string[],
  { launchOf, launchProblemOf }: Pick<EndingDeps, 'launchOf' | 'launchProblemOf'>,
): Launches => new Map(ids.map((id) => [id, { launch: launchOf(id), launchProblem: launchProblemOf(id) }]))

const refuseSpared = (spared: ReadonlyMap<string, string>, { report }: ActDeps): Outcome[] =>
  [...spared].map(([id, why]) => refuse(id, why, report))

function refuseMissing(
  wanted: readonly string[],
  chosen: readonly Instance[],
  before: readonly Instance[],
  { report }: ActDeps,
): Outcome[] {
  const missingIds = wanted.filter((id) => !chosen.some((one) => one.id === id))
  return missingIds.map((id) => {
    const hadProcess = before.some((one) => one.id === id && one.state !== 'dead')
    return refuse(id, hadProcess ? 'It has already exited.' : 'It is no longer listed.', report)
  })
}

/**
 * Returns why some are not ended as unused: the user leaves them alone, or they had an MCP message since then, or that is not known.
 * Empty for a request that names each.
 */
function sparedOf(
  instances: readonly Instance[],
  unusedSince: string | undefined,
): ReadonlyMap<string, string> {
  if (unusedSince === undefined) return new Map()
  const sinceMs = Date.parse(unusedSince)
  return new Map(
    instances.flatMap((one): [string, string][] => {
      if (one.isLeftAlone) return [[one.id, SPARED]]
      return (quietSinceMs(one) ?? Infinity) > sinceMs ? [[one.id, USED]] : []
    }),
  )
}

const USED = 'It was used in the meantime, so it was not ended.'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** An id that was never in the list, or no longer is: its pid may now belong to another instance. */
function missing(id: string, instances: readonly Instance[]): never {
  const pid = Number(id.split('-')[0])
  throw new AppError(instances.some((one) => one.pid === pid) ? 'instance-replaced' : 'instance-not-found', {
    target: 'unknown id',
  })
}
