// Which descriptors of a Serena are its MCP connection. Pure.
//
// It begins on descriptors 0 and 1. The library mcp 2.x moves it to private ones and leads 0 to the null device and 1 to stderr, so
// later it is known by what an ancestor has on its own descriptor 1, by the process that reads it, or by being the only output that does not
// lead to a process below the Serena. A pipe to a language server that has exited has no reader either: as long as several outputs
// are candidates, none of them counts as the connection.
import type { DescriptorEnd, Descriptors } from './linux/descriptors.ts'

/** The pipes and sockets of an ancestor on its descriptors 0 (readable) and 1 (writable). */
export interface AncestorEnds {
  input: string | null
  output: string | null
}

export type McpConnection =
  /** Several outputs: of two sockets to the same client, which both read and write, either may be the output. */
  | { kind: 'known'; input: DescriptorEnd | null; outputs: readonly DescriptorEnd[] }
  /** One of these is the output. `hasOther`: or a terminal, a named pipe or a file is. */
  | { kind: 'candidates'; outputs: readonly DescriptorEnd[]; hasOther: boolean }
  | { kind: 'none'; why: string }

const NULL_DEVICE = '/dev/null'

/** Returns the connection as far as the descriptors show it; `known`: the inodes of an earlier read. */
export function findConnection(
  { standard, ends }: Descriptors,
  ancestors: readonly AncestorEnds[],
  known: { input: string | null; outputs: readonly string[] } | null,
): McpConnection {
  const channels = ends.filter(({ kind }) => kind !== 'other')
  const byInode = (inode: string | null, isOutput: boolean): DescriptorEnd | null =>
    channels.find((end) => end.inode === inode && (isOutput ? end.canWrite : end.canRead)) ?? null
  if (known) {
    const outputs = known.outputs.flatMap((inode) => byInode(inode, true) ?? [])
    if (outputs.length > 0 && outputs.length === known.outputs.length)
      return { kind: 'known', input: byInode(known.input, false), outputs }
  }
  const [stdin, stdout] = standard
  const at = (fd: number): DescriptorEnd | undefined => channels.find((end) => end.fd === fd)
  const [first, second, third] = [at(0), at(1), at(2)]
  // Where 1 and 2 are one pipe, 1 may have been led to stderr already.
  const isOutputPlain = second?.canWrite === true && second.inode !== third?.inode
  if (stdin !== NULL_DEVICE) {
    if (first && isOutputPlain) return { kind: 'known', input: first, outputs: [second] }
    if (!first)
      return { kind: 'none', why: `Its stdin is ${stdin ?? 'closed'}, which is not a pipe or a socket.` }
    if (!second?.canWrite)
      return { kind: 'none', why: `Its stdout is ${stdout ?? 'closed'}, which is not a pipe or a socket.` }
  }
  const hidden = ends.filter(({ fd, canWrite, isPrivate }) => fd > 2 && canWrite && isPrivate)
  const outputs = uniqueByInode([
    ...hidden.filter(({ kind }) => kind !== 'other'),
    ...(first && second?.canWrite ? [second] : []),
  ])
  for (const { input, output } of ancestors) {
    const shared = outputs.find(({ inode }) => inode === output)
    if (shared) return { kind: 'known', input: byInode(input, false), outputs: [shared] }
  }
  const hasOther = hidden.some(({ kind }) => kind === 'other')
  return outputs.length > 0 || hasOther
    ? { kind: 'candidates', outputs, hasOther }
    : { kind: 'none', why: 'Its stdin is the null device, and no other descriptor can be its connection.' }
}

const uniqueByInode = (ends: readonly DescriptorEnd[]): DescriptorEnd[] => [
  ...new Map(ends.map((end) => [end.inode, end])).values(),
]

/** The end of one output: has it a reader? `inside`: only processes below the Serena hold it. */
export type OutputState = 'open' | 'closed' | 'unknown' | 'inside'

/** Returns what the candidates say together. Closed only when each of them is, for one of them is the output. */
export function judgeCandidates(
  states: readonly OutputState[],
  hasOther: boolean,
): 'open' | 'closed' | 'unknown' {
  const outside = states.filter((state) => state !== 'inside')
  if (outside.length === 0 || hasOther) return 'unknown'
  if (outside.every((state) => state === 'closed')) return 'closed'
  return outside.every((state) => state === 'open') ? 'open' : 'unknown'
}
