// The ending of instances: the same plan for one and for all, made anew from a fresh look before anything is done.
import type { EndingEvent, EndingPlan, Receipt } from '#contract/ending'
import { AppError } from '#contract/errors'
import { type Instance, type InstanceList, SCHEMA_VERSION } from '#contract/instance'
import { quietSinceMs } from '#contract/use'
import type {
  ClientFacts,
  EntryFate,
  ProcessDetails,
  ProcessTable,
  RegistryEntry,
  SerenaProcess,
} from '../../facts.ts'
import type { Limits, Tree } from '../../lib/process-tree.ts'
import { shared } from '../../lib/shared-look.ts'
import type { ProcessEnder } from '../../os/process-ender.ts'
import type { EndingService } from '../../services.ts'
import { type ActDeps, carryOut, type Outcome, refusal, type Snapshot } from './act.ts'
import { type Candidate, type PlannedEnding, planEndings, type Scope } from './plan.ts'

/** What the sweep remembers of an instance that has a process. */
interface Remembered {
  serena: SerenaProcess
  details: Pick<ProcessDetails, 'isForeignNamespace'> | null
  client: Pick<ClientFacts, 'closed' | 'wire'> | null
  isAnswering: boolean
}

export interface EndingDeps extends Pick<ActDeps, 'ask' | 'removeEntry' | 'clock' | 'journals'> {
  current(): InstanceList
  /** Looks at everything now, and waits for no dashboard. */
  look(): Promise<InstanceList>
  find(id: string): Remembered | null
  /** What is left of an instance without a process. */
  findLeft(id: string): { entry: RegistryEntry; fate: EntryFate } | null
  /** Why the file that an entry stands in is left alone; null: it need not be. */
  barOfEntry(entry: RegistryEntry): Promise<string | null>
  /** What a gone Serena left behind. */
  findLeftTree(id: string): { tree: Tree } | null
  /** What it was started with, for a shell; null: not known. */
  launchOf(id: string): string | null
  findSerenas(table: ProcessTable): readonly SerenaProcess[]
  /** One look at its dashboard, whether it is due or not. */
  answers(id: string): Promise<boolean>
  ender: ProcessEnder
  /** Finishes first what one of us began and was killed in. */
  finishUnfinished(): Promise<void>
  limits: Limits
}

/** The service of one deck. Errors: `instance-not-found`, `instance-replaced`, `not-to-be-ended`, `bad-input`. */
export function createEnding(deps: EndingDeps): EndingService {
  const listeners = new Set<(event: EndingEvent) => void>()
  const busy = new Set<string>()
  const snapshot = shared(async (): Promise<Snapshot> => {
    const table = await deps.ender.list()
    return { table, serenas: deps.findSerenas(table) }
  })
  const act: ActDeps = {
    ...deps,
    hold: deps.ender.hold,
    snapshot,
    tell(id, step, text) {
      for (const listener of listeners) listener({ type: 'ending', id, step, text })
    },
  }

  async function planFor(
    instances: readonly Instance[],
    scope: Scope,
    includesPersons: boolean,
  ): Promise<PlannedEnding[]> {
    const { table, serenas } = await snapshot()
    const bars = new Map<string, Promise<string | null>>()
    /** One file, one question; an entry of ours has a file of its own. */
    const barOf = (entry: RegistryEntry): Promise<string | null> => {
      const bar = bars.get(entry.file) ?? deps.barOfEntry(entry)
      bars.set(entry.file, bar)
      return bar
    }
    const candidates = await Promise.all(instances.map((instance) => candidateOf(instance, serenas, barOf)))
    return planEndings({ candidates, table, serenas, limits: deps.limits, scope, includesPersons })
  }

  async function candidateOf(
    instance: Instance,
    serenas: readonly SerenaProcess[],
    barOf: EndingDeps['barOfEntry'],
  ): Promise<Candidate> {
    const track = deps.find(instance.id)
    const left = track ? null : deps.findLeft(instance.id)
    const identity = track?.serena.process.identity
    const serena = serenas.find(({ process }) => process.identity === identity) ?? null
    // A client that cannot be seen is not one that has exited.
    const isClientGone =
      serena?.command.transport === 'stdio' &&
      track?.client?.closed != null &&
      track.client.wire.isProven === true
    return {
      instance,
      serena,
      isForeignNamespace: track?.details?.isForeignNamespace ?? null,
      isAnswering: track?.isAnswering ?? false,
      mayHaveClient: !isClientGone,
      leftTree: track ? null : (deps.findLeftTree(instance.id)?.tree ?? null),
      left: left && { ...left, bar: await barOf(left.entry) },
    }
  }

  /** One fresh look at all of them: a red one that recovered is left alone. */
  async function freshLook(ids: readonly string[]): Promise<{ list: InstanceList; recovered: Set<string> }> {
    const hung = deps.current().instances.filter(({ id, state }) => state === 'hung' && ids.includes(id))
    const [list, answers] = await Promise.all([
      deps.look(),
      Promise.all(hung.map(async ({ id }) => ((await deps.answers(id)) ? [id] : []))),
    ])
    return { list, recovered: new Set(answers.flat()) }
  }

  async function endOne(
    planned: PlannedEnding,
    isRecovered: boolean,
    mode: 'kill' | 'stop',
  ): Promise<Outcome> {
    const { id } = planned.item
    if (busy.has(id)) return refusal(planned, 'It is being ended already.', act)
    if (isRecovered) return refusal(planned, 'It answers again: it is left alone.', act)
    busy.add(id)
    try {
      return await carryOut(planned, mode, act)
    } catch (error) {
      // What goes wrong with one takes no receipt from the others.
      return refusal(planned, `It was not finished (${messageOf(error)}): look at it again.`, act)
    } finally {
      busy.delete(id)
    }
  }

  return {
    async plan(ids): Promise<EndingPlan> {
      await deps.finishUnfinished()
      const { instances } = await deps.look()
      const chosen =
        ids === null
          ? instances.filter(({ colour }) => colour === 'red')
          : ids.map((id) => instances.find((one) => one.id === id) ?? missing(id, instances))
      const planned = await planFor(chosen, ids === null ? 'red' : 'named', false)
      return { schema: SCHEMA_VERSION, plan: planned.map(({ item }) => item) }
    },

    async end({ ids, scope = 'red', mode = 'kill', includeChildren = false, unusedSince }): Promise<Receipt> {
      await deps.finishUnfinished()
      const wanted = [...new Set(ids)]
      const before = deps.current().instances.filter(({ id }) => wanted.includes(id))
      const launches = new Map(wanted.map((id) => [id, deps.launchOf(id)]))
      const { list, recovered } = await freshLook(wanted)
      const chosen = list.instances.filter(({ id }) => wanted.includes(id))
      const gone = wanted.filter((id) => !chosen.some((one) => one.id === id))
      // One that went since the plan keeps none of the others. Whoever means only such looks at an old list.
      const [unknown] = chosen.length + before.length === 0 ? wanted : []
      if (unknown !== undefined) missing(unknown, list.instances)
      const used = usedSince(chosen, unusedSince)
      const planned = await planFor(
        chosen.filter(({ id }) => !used.includes(id)),
        scope,
        includeChildren,
      )
      const [first] = planned
      if (scope === 'named' && wanted.length === 1 && first?.item.refusal)
        throw new AppError('not-to-be-ended', { why: first.item.refusal })
      const outcomes = await Promise.all(
        planned.map((one) => endOne(one, scope === 'red' && recovered.has(one.item.id), mode)),
      )
      for (const id of used)
        outcomes.push(refusal({ item: { id } }, 'It was used meanwhile: it is left alone.', act))
      for (const id of gone) {
        const hadProcess = before.some((one) => one.id === id && one.state !== 'dead')
        const why = hadProcess ? 'It has ended by itself.' : 'It is not there any more.'
        outcomes.push(refusal({ item: { id } }, why, act))
      }
      await deps.look()
      const leftRunning = outcomes.flatMap((one) => one.leftRunning)
      return {
        schema: SCHEMA_VERSION,
        ended: outcomes.flatMap(({ ended }) =>
          ended.map((one) => ({ ...one, launch: launches.get(one.id) ?? null })),
        ),
        refused: outcomes.flatMap(({ refused }) => refused),
        survivors: outcomes.flatMap(({ survivors }) => survivors),
        ...(leftRunning.length > 0 && { leftRunning }),
      }
    },

    subscribe(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
  }
}

/** The ids of those that have had an MCP message since then, or of which that is not known. */
function usedSince(instances: readonly Instance[], unusedSince: string | undefined): readonly string[] {
  if (unusedSince === undefined) return []
  const sinceMs = Date.parse(unusedSince)
  return instances.filter((one) => (quietSinceMs(one) ?? Infinity) > sinceMs).map(({ id }) => id)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** An id that was never in the list, or is no longer: its pid may be another instance's by now. */
function missing(id: string, instances: readonly Instance[]): never {
  const pid = Number(id.split('-')[0])
  throw new AppError(instances.some((one) => one.pid === pid) ? 'instance-replaced' : 'instance-not-found', {
    target: 'that id',
  })
}
