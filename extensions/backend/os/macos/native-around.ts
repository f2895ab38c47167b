// The processes above and below a Serena, as far as their descriptors matter for its connection, by native calls.
import type { Around } from '../linux/connection-surroundings.ts'
import type { DescriptorEnd } from '../linux/descriptors.ts'
import type { ProcessFact } from '../process-facts.ts'
import { type NativeEnds, standardEndsOf } from './native-ends.ts'
import type { NativeFiles } from './native-files.ts'
import { CHANNELS, isChannel, type NativeHolders } from './native-holders.ts'
import type { NativeReader } from './native-reader.ts'

const MAX_ANCESTORS = 64

/** What a connection is read with. */
export interface NativeSight {
  reader: Pick<NativeReader, 'pids' | 'process'>
  files: NativeFiles
  holders: NativeHolders
  /** The identity of a pid at this moment. */
  identityOf(pid: number): string | null
}

/** Returns the ancestors of a process with their standard descriptors, and the processes below it. */
export function nativeSurroundings(
  { reader, files }: NativeSight,
  { pid }: ProcessFact,
  tree: readonly ProcessFact[],
): Around {
  const parentOf = (of: number): number => {
    const process = reader.process(of)
    return typeof process === 'string' ? 0 : process.ppid
  }
  const ancestors: Around['ancestors'][number][] = []
  for (let at = parentOf(pid); at > 0 && ancestors.length < MAX_ANCESTORS; at = parentOf(at))
    ancestors.push({ pid: at, ends: standardEndsOf(files, at) })
  const above = new Set(ancestors.map((one) => one.pid))
  const below = tree.map((one) => one.pid).filter((one) => !above.has(one))
  return { ancestors, inside: new Set([pid, ...below]) }
}

/** The handles that a process has; empty if it cannot be read. */
export const handlesOf = (files: NativeFiles, pid: number): ReadonlySet<string> =>
  new Set((files.descriptors(pid, CHANNELS) ?? []).filter(isChannel).map(({ handle }) => handle))

/** Of several outputs those that the nearest ancestor reads, with the input that it writes: they are the connection. */
export function endsByAncestor(
  { files }: NativeSight,
  { channels, descriptors }: NativeEnds,
  outputs: readonly DescriptorEnd[],
  { ancestors }: Around,
): { input: DescriptorEnd | null; outputs: readonly DescriptorEnd[] } | null {
  for (const { pid } of ancestors.filter((one) => one.pid > 1)) {
    const handles = handlesOf(files, pid)
    const isHeld = ({ inode }: DescriptorEnd): boolean => handles.has(channels.get(inode)?.peer ?? '')
    const read = outputs.filter(isHeld)
    if (read.length === 0) continue
    const inputs = descriptors.ends.filter(
      (end) => end.canRead && end.kind !== 'other' && (end.fd === 0 || end.fd > 2) && isHeld(end),
    )
    // Of two sockets, which both read and write, either may be the input.
    return { input: (read.length === 1 && inputs[0]) || null, outputs: read }
  }
  return null
}
