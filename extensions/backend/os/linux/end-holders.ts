// The visible process at the other end of a connection. It is an explanation, not a proof.
import type { ConnectionHolder } from '../connection-facts.ts'
import { holdsOtherEnd } from './connection-candidates.ts'
import type { ConnectionHolders } from './connection-holders.ts'
import type { Around } from './connection-surroundings.ts'
import type { DescriptorEnd, Ends } from './descriptors.ts'
import type { KernelLoading } from './kernel.ts'
import { parseStat } from './parse-proc.ts'
import { readProcText } from './read-proc.ts'

export interface HolderDeps {
  holders: ConnectionHolders
  kernel: () => KernelLoading
  identityOf: (pid: number) => string | null
}

/** Finds the pid that holds the other end of a descriptor; null: none is visible. */
export async function findHolder(
  { holders, kernel }: HolderDeps,
  end: DescriptorEnd,
  wanted: 'reader' | 'writer',
  { inside, ancestors }: Around,
): Promise<number | null> {
  const peer = end.kind === 'socket' ? (kernel().kernel?.socketPeer(end.inode) ?? null) : null
  if (end.kind === 'socket' && (peer === null || peer === '0')) return null
  const found = await holders.find({
    target: peer === null ? `pipe:[${end.inode}]` : `socket:[${peer}]`,
    wanted: peer === null ? wanted : 'either',
    inside,
    ancestors: ancestors.map(({ pid }) => pid),
  })
  return found?.pid ?? null
}

/** Finds the process that reads one of the outputs; null: none is visible. */
export async function findReader(
  deps: HolderDeps,
  { input, outputs }: Ends,
  around: Around,
): Promise<ConnectionHolder | null> {
  for (const end of outputs) {
    const pid = await findHolder(deps, end, 'reader', around)
    if (pid === null) continue
    const otherEnd = input ?? (outputs.length > 1 ? end : null)
    return {
      pid,
      identity: deps.identityOf(pid),
      name: parseStat(readProcText(`/proc/${pid}/stat`) ?? '')?.name ?? '',
      isAncestor: around.ancestors.some((one) => one.pid === pid),
      hasBothEnds: otherEnd !== null && holdsOtherEnd(pid, otherEnd, deps.kernel),
    }
  }
  return null
}
