// The stdio connection of a Serena: does its MCP output have a reader anywhere? The kernel answers that, whichever process reads and in
// whichever namespace; the processes that are visible at the other end only explain it.
import type { ConnectionFacts } from '../connection-facts.ts'
import { findConnection } from '../mcp-connection.ts'
import type { ProcessFact } from '../process-facts.ts'
import { endsAmong } from './connection-candidates.ts'
import { createConnectionHolders } from './connection-holders.ts'
import { type Around, surroundings } from './connection-surroundings.ts'
import { describeConnection } from './describe-connection.ts'
import { type Descriptors, type Ends, readDescriptors } from './descriptors.ts'
import { createEndStates, type EndStateDeps } from './end-states.ts'
import { judgeOutputs } from './judge-outputs.ts'
import { createKnownEnds } from './known-ends.ts'

export interface StdioDeps extends Partial<EndStateDeps> {
  /** The identity of a pid at this moment. */
  identityOf: (pid: number) => string | null
}

export interface StdioLookup {
  read(process: ProcessFact, tree: readonly ProcessFact[]): Promise<ConnectionFacts>
  /** Cheap: the output that an earlier read found has no reader now. */
  hasLostReader(process: ProcessFact): boolean
  /** Why nothing can be proven about pipes; null: it can, or no pipe was read. */
  problem(): string | null
}

/** While the output has its reader, what was read of the connection is used again for this long. */
const OPEN_LASTS_MS = 12_000
/** The most connections that are remembered. */
const MAX_REMEMBERED = 500

const unknown = (why: string): ConnectionFacts => ({ clientEnd: 'unknown', holder: null, evidence: [why] })

/** Creates a lookup that remembers which descriptors are the connection of a process. */
export function createStdioLookup(options: StdioDeps): StdioLookup {
  const { identityOf, now = () => performance.now() } = options
  const states = createEndStates({ ...options, now })
  const known = createKnownEnds(states.kernel)
  const latest = new Map<string, { facts: ConnectionFacts; atMs: number }>()
  const deps = { states, kernel: states.kernel, holders: createConnectionHolders(now), identityOf }

  async function judge(
    process: ProcessFact,
    around: Around,
    descriptors: Descriptors,
  ): Promise<ConnectionFacts> {
    const { identity, pid } = process
    const describe = (ends: Ends): Promise<ConnectionFacts> => {
      known.set(identity, ends)
      return describeConnection(deps, pid, ends, around)
    }
    const standardEnds = around.ancestors.map(({ ends }) => ends)
    const found = findConnection(descriptors, standardEnds, known.inodesOf(identity))
    if (found.kind === 'none') return { clientEnd: 'not-applicable', evidence: [found.why] }
    if (found.kind === 'known')
      return describe({
        input: found.input ?? known.inputAmong(identity, descriptors),
        outputs: found.outputs,
      })
    const ends = endsAmong(pid, descriptors, found.outputs, around, states.kernel)
    if (ends) return describe(ends)
    const { connection, only } = await judgeOutputs(states, pid, found, around)
    return only === null ? connection : describe({ input: null, outputs: [only] })
  }

  /** A connection that was open a moment ago and whose output still has its reader; null: it must be read again. */
  function lastOpen(process: ProcessFact): ConnectionFacts | null {
    const last = latest.get(process.identity)
    if (!last || now() - last.atMs > OPEN_LASTS_MS || known.hasLostReader(process)) return null
    const { holder } = last.facts
    return !holder || identityOf(holder.pid) === holder.identity ? last.facts : null
  }

  return {
    hasLostReader: known.hasLostReader,
    problem: states.problem,
    async read(process, tree) {
      const { pid, identity } = process
      const before = lastOpen(process)
      if (before && identityOf(pid) === identity) return before
      const descriptors = readDescriptors(pid)
      if (descriptors === null || identityOf(pid) !== identity)
        return unknown(`The descriptors of process ${pid} cannot be read.`)
      const judged = await judge(process, surroundings(process, tree), descriptors)
      latest.delete(identity)
      if (latest.size > MAX_REMEMBERED) latest.clear()
      if (judged.clientEnd === 'open' && judged.holder) latest.set(identity, { facts: judged, atMs: now() })
      return identityOf(pid) === identity ? judged : unknown(`Process ${pid} exited while it was read.`)
    },
  }
}
