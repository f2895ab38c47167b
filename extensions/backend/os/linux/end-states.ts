// Whether the other end of a descriptor is open, by the kernel for pipes and by the first reliable way for sockets.
import type { OutputState } from '../mcp-connection.ts'
import type { DescriptorEnd } from './descriptors.ts'
import { type KernelLoading, loadKernel } from './kernel.ts'
import { chooseSocketEnds, endsByKernel, endsByReferences, type SocketEnds } from './socket-ends.ts'

export interface EndStateDeps {
  /** Monotonic milliseconds. */
  now: () => number
  /** The kernel's calls, loaded once. */
  kernel?: () => KernelLoading
  /** The way that reports the state of sockets, chosen once; null: none is reliable. */
  chooseEnds?: () => Promise<SocketEnds | null>
}

export interface EndStates {
  stateOf(pid: number, end: DescriptorEnd, wanted: 'reader' | 'writer'): Promise<OutputState>
  /** Why nothing can be proven about pipes; null: it can, or no pipe was read. */
  problem(): string | null
  kernel: () => KernelLoading
}

export function createEndStates({
  now,
  kernel = loadKernel,
  chooseEnds = () => chooseSocketEnds([endsByReferences(now), endsByKernel(kernel())]),
}: EndStateDeps): EndStates {
  let choosing: Promise<SocketEnds | null> | null = null
  let problem: string | null = null

  function pipeState(pid: number, { fd, inode }: DescriptorEnd, wanted: 'reader' | 'writer'): OutputState {
    const loading = kernel()
    problem = loading.problem
    if (loading.kernel === null) return 'unknown'
    return wanted === 'reader'
      ? loading.kernel.pipeReader(pid, fd, inode)
      : loading.kernel.pipeWriter(pid, fd, inode)
  }

  return {
    kernel,
    problem: () => problem,
    async stateOf(pid, end, wanted) {
      if (end.kind === 'other') return 'unknown'
      if (end.kind === 'pipe') return pipeState(pid, end, wanted)
      choosing ??= chooseEnds()
      const endOf = await choosing
      const found = endOf?.(pid, end.inode) ?? 'unlisted'
      return found === 'unlisted' ? 'unknown' : found
    },
  }
}
