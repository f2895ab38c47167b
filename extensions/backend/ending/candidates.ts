// What is known of each instance that may be ended.
import type { Instance } from '#contract/instance'
import type { ClientFacts } from '../clients/client-facts.ts'
import type { ProcessDetails } from '../os/process-facts.ts'
import type { EntryStatus, RegistryEntry } from '../registry/registry-entry.ts'
import type { Tree } from '../serena/process-tree.ts'
import { outsideRefusal } from '../serena/remote-place.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { InstanceFacts } from '../verdict/instance-facts.ts'
import type { Candidate } from './plan.ts'

/** What is remembered of an instance that has a process. */
export interface TrackedInstance {
  serena: SerenaProcess
  details: Pick<ProcessDetails, 'isForeignNamespace' | 'container'> | null
  remote: NonNullable<InstanceFacts['remote']> | null
  client: Pick<ClientFacts, 'closed' | 'connection'> | null
  isAnswering: boolean
}

export interface CandidateDeps {
  find(id: string): TrackedInstance | null
  /** The registry entry of an instance without a process. */
  findLeft(id: string): { entry: RegistryEntry; status: EntryStatus } | null
  /** Why the file of an entry is not changed; null: it may be. */
  refusalOfEntry(entry: RegistryEntry): Promise<string | null>
  /** What an exited Serena left behind. */
  findLeftTree(id: string): { tree: Tree } | null
}

/** Returns the candidates, in the order of the instances. */
export function readCandidates(
  instances: readonly Instance[],
  serenas: readonly SerenaProcess[],
  deps: CandidateDeps,
): Promise<Candidate[]> {
  const refusals = new Map<string, Promise<string | null>>()
  /** Each file is checked once: a file may hold many entries. */
  const refusalOf = (entry: RegistryEntry): Promise<string | null> => {
    const refusal = refusals.get(entry.file) ?? deps.refusalOfEntry(entry)
    refusals.set(entry.file, refusal)
    return refusal
  }
  return Promise.all(
    instances.map((instance) => readCandidate(instance, serenas, { ...deps, refusalOfEntry: refusalOf })),
  )
}

async function readCandidate(
  instance: Instance,
  serenas: readonly SerenaProcess[],
  deps: CandidateDeps,
): Promise<Candidate> {
  const track = deps.find(instance.id)
  const left = track ? null : deps.findLeft(instance.id)
  const identity = track?.serena.process.identity
  const serena = serenas.find(({ process }) => process.identity === identity) ?? null
  return {
    instance,
    serena,
    isForeignNamespace: track?.details?.isForeignNamespace ?? null,
    outsideRefusal: outsideRefusal({
      remote: track?.remote ?? null,
      container: track?.details?.container ?? null,
    }),
    isAnswering: track?.isAnswering ?? false,
    mayHaveClient: !isClientGone(serena, track),
    leftTree: track ? null : (deps.findLeftTree(instance.id)?.tree ?? null),
    left: left && { ...left, refusal: await deps.refusalOfEntry(left.entry) },
  }
}

/** A client that is not visible has not necessarily exited. */
const isClientGone = (serena: SerenaProcess | null, track: TrackedInstance | null): boolean =>
  serena?.command.transport === 'stdio' &&
  track?.client?.closed != null &&
  track.client.connection.isProven === true
