// Which descriptors are the connection of a process, after an earlier read found them.
import type { ProcessFact } from '../process-facts.ts'
import type { DescriptorEnd, Descriptors, Ends } from './descriptors.ts'
import type { KernelLoading } from './kernel.ts'
import { readLink } from './read-proc.ts'

const MAX_REMEMBERED = 500

export interface KnownEnds {
  set(identity: string, ends: Ends): void
  /** Null: nothing is known of that process. */
  inodesOf(identity: string): { input: string | null; outputs: readonly string[] } | null
  /** The readable descriptor that an earlier read knew as the input; null: there is none now. */
  inputAmong(identity: string, descriptors: Descriptors): DescriptorEnd | null
  /** Whether no process reads the known outputs any more. False: one does, or that cannot be read. */
  hasLostReader(process: ProcessFact): boolean
}

export function createKnownEnds(load: () => KernelLoading): KnownEnds {
  const known = new Map<string, { input: string | null; outputs: readonly DescriptorEnd[] }>()
  return {
    set(identity, { input, outputs }) {
      if (known.size > MAX_REMEMBERED) known.clear()
      known.set(identity, { input: input?.inode ?? null, outputs })
    },

    inodesOf(identity) {
      const before = known.get(identity)
      return before ? { input: before.input, outputs: before.outputs.map(({ inode }) => inode) } : null
    },

    inputAmong(identity, { ends }) {
      const wanted = known.get(identity)?.input
      return ends.find(({ inode, canRead }) => canRead && inode === wanted) ?? null
    },

    hasLostReader({ pid, identity }) {
      const before = known.get(identity)
      const { kernel } = load()
      if (!before || kernel === null) return false
      return before.outputs.every(({ fd, kind, inode }) => {
        if (readLink(`/proc/${pid}/fd/${fd}`) !== `${kind}:[${inode}]`) return false
        return kind === 'pipe'
          ? kernel.pipeReader(pid, fd, inode) === 'closed'
          : kernel.socketPeer(inode) === '0'
      })
    },
  }
}
