// The stdio connection of a Serena on a Mac, by the kernel's handles: the end of a pipe or socket whose other end no process has open any
// more has no handle of that other end. That holds for the processes of every user, so a closed output is as certain as on Linux. Never run on
// a Mac: native-check.ts tries exactly this before it is believed.
import type { ConnectionFacts } from '../connection-facts.ts'
import type { Around } from '../linux/connection-surroundings.ts'
import type { Ends } from '../linux/descriptors.ts'
import { findConnection, judgeCandidates } from '../mcp-connection.ts'
import type { ProcessFact } from '../process-facts.ts'
import { endsByAncestor, type NativeSight, nativeSurroundings } from './native-around.ts'
import { describeNativeConnection, nativeStates } from './native-connection.ts'
import { type NativeEnds, readNativeEnds } from './native-ends.ts'
import { createNativeHolders, isChannel } from './native-holders.ts'

const MAX_REMEMBERED = 500

export interface NativeStdioDeps extends Omit<NativeSight, 'holders'> {
  /** Monotonic milliseconds. */
  now(): number
}

export interface NativeStdio {
  read(process: ProcessFact, tree: readonly ProcessFact[]): Promise<ConnectionFacts>
  /** Cheap: the output that an earlier read found has no reader now. */
  hasLostReader(process: ProcessFact): boolean
}

const unknown = (why: string): ConnectionFacts => ({ clientEnd: 'unknown', holder: null, evidence: [why] })
const proven = (clientEnd: 'open' | 'closed', ...evidence: string[]): ConnectionFacts => ({
  clientEnd,
  isProven: true,
  holder: null,
  evidence,
})

/** Creates a lookup that remembers which descriptors are the connection of a process. */
export function createNativeStdio({ now, ...deps }: NativeStdioDeps): NativeStdio {
  const sight: NativeSight = { ...deps, holders: createNativeHolders(deps.reader, deps.files, now) }
  const { files, identityOf } = deps
  const known = new Map<string, Ends>()

  async function judge(
    { identity }: ProcessFact,
    held: NativeEnds,
    around: Around,
  ): Promise<ConnectionFacts> {
    const describe = (ends: Ends): Promise<ConnectionFacts> => {
      if (known.size > MAX_REMEMBERED) known.clear()
      known.set(identity, ends)
      return describeNativeConnection(sight, ends, held, around)
    }
    const standardEnds = around.ancestors.map(({ ends }) => ends)
    const found = findConnection(held.descriptors, standardEnds, inodesOf(known.get(identity)))
    if (found.kind === 'none') return { clientEnd: 'not-applicable', evidence: [found.why] }
    if (found.kind === 'known') return describe(found)
    const ends = endsByAncestor(sight, held, found.outputs, around)
    if (ends) return describe(ends)
    const states = nativeStates(sight, found.outputs, held, around)
    const judged = judgeCandidates(states, found.hasOther)
    if (judged === 'unknown') return unknown('Cannot determine which of its descriptors is its MCP output.')
    if (judged === 'closed') return proven('closed', 'No process reads its output.')
    const outside = found.outputs.filter((_, at) => states[at] !== 'inside')
    const [only] = outside
    // A single socket may have been inherited from anywhere; it stays one of the candidates.
    return outside.length === 1 && only?.kind === 'pipe'
      ? describe({ input: null, outputs: [only] })
      : proven('open')
  }

  return {
    async read(process, tree) {
      const { pid, identity } = process
      const held = readNativeEnds(files, pid)
      if (held === null || identityOf(pid) !== identity)
        return unknown(`The descriptors of process ${pid} cannot be read.`)
      const judged = await judge(process, held, nativeSurroundings(sight, process, tree))
      return identityOf(pid) === identity ? judged : unknown(`Process ${pid} exited while it was read.`)
    },

    hasLostReader({ pid, identity }) {
      const outputs = known.get(identity)?.outputs ?? []
      return (
        outputs.length > 0 &&
        outputs.every(({ fd, kind, inode }) => {
          const found = kind === 'other' ? null : files.descriptor(pid, fd, kind)
          return found !== null && isChannel(found) && found.handle === inode && found.peer === null
        })
      )
    },
  }
}

const inodesOf = (ends: Ends | undefined): { input: string | null; outputs: readonly string[] } | null =>
  ends ? { input: ends.input?.inode ?? null, outputs: ends.outputs.map(({ inode }) => inode) } : null
