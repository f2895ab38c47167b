// The processes above and below a Serena, as far as their descriptors matter for its connection.

import type { AncestorEnds } from '../mcp-connection.ts'
import type { ProcessFact } from '../process-facts.ts'
import { readAncestors } from './connection-holders.ts'
import type { DescriptorEnd } from './descriptors.ts'
import { parseDescriptorFlags } from './parse-descriptor.ts'
import { readLink, readProcText } from './read-proc.ts'

export interface Around {
  inside: ReadonlySet<number>
  ancestors: readonly { pid: number; ends: AncestorEnds }[]
}

/** Returns the ancestors of a process with their standard descriptors, and the processes below it. */
export function surroundings(process: ProcessFact, tree: readonly ProcessFact[]): Around {
  const ancestors = readAncestors(process.pid).map(({ pid }) => ({ pid, ends: standardEndsOf(pid) }))
  const above = new Set(ancestors.map(({ pid }) => pid))
  return {
    inside: new Set([process.pid, ...tree.map(({ pid }) => pid).filter((pid) => !above.has(pid))]),
    ancestors,
  }
}

function standardEndsOf(pid: number): AncestorEnds {
  const end = (
    fd: number,
    isWanted: (flags: { canRead: boolean; canWrite: boolean }) => boolean,
  ): string | null => {
    const inode = /^(?:pipe|socket):\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`) ?? '')?.[1]
    if (inode === undefined) return null
    const flags = parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')
    return flags && isWanted(flags) ? inode : null
  }
  return { input: end(0, ({ canRead }) => canRead), output: end(1, ({ canWrite }) => canWrite) }
}

/** Returns the ancestors up to the topmost that has the very same input or output on its own descriptors 0 or 1. */
export function launchersAmong(
  { ancestors }: Around,
  input: DescriptorEnd | null,
  outputs: readonly DescriptorEnd[],
  identityOf: (pid: number) => string | null,
): string[] {
  const topmost = ancestors.findLastIndex(
    ({ ends }) =>
      outputs.some(({ inode }) => inode === ends.output) || (input !== null && ends.input === input.inode),
  )
  return ancestors.slice(0, topmost + 1).flatMap(({ pid }) => identityOf(pid) ?? [])
}
