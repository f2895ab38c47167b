// Descriptors that may be the connection of a Serena: which of them certainly are, and which certainly are not.
import { readFile } from 'node:fs/promises'
import { holdsAt } from './connection-holders.ts'
import type { Around } from './connection-surroundings.ts'
import type { DescriptorEnd, Descriptors, Ends } from './descriptors.ts'
import type { KernelLoading } from './kernel.ts'
import { listDescriptors } from './read-proc.ts'
import { descriptorsBeingRead } from './threads.ts'

/** Returns the descriptors that are certainly the connection; null: several outputs may be it. */
export function endsAmong(
  pid: number,
  descriptors: Descriptors,
  outputs: readonly DescriptorEnd[],
  around: Around,
  load: () => KernelLoading,
): Ends | null {
  const read = readByAncestor(outputs, around, load)
  if (read.length > 1) {
    // Of two sockets, which both read and write, the one that a thread waits to read from is the input.
    const beingRead = descriptorsBeingRead(pid)
    const [input = null] = read.filter(({ fd }) => beingRead.has(fd))
    return { input, outputs: input === null ? read : read.filter((end) => end !== input) }
  }
  if (read.length > 0) return { input: writtenByAncestor(descriptors, read, around, load), outputs: read }
  const pair = madeByClient(pid, outputs, load)
  return pair && { input: pair.input, outputs: [pair.output] }
}

interface OtherEnd {
  /** The link of the descriptor at the other end. */
  target: string
  wanted: 'reader' | 'writer' | 'either'
}

/** The other end of a pipe is a reader or a writer; that of a socket is a socket of its own. */
function otherEndOf(end: DescriptorEnd, wanted: 'reader' | 'writer', load: () => KernelLoading): OtherEnd {
  if (end.kind === 'pipe') return { target: `pipe:[${end.inode}]`, wanted }
  const peer = end.kind === 'socket' ? load().kernel?.socketPeer(end.inode) : null
  return { target: `socket:[${peer ?? ''}]`, wanted: 'either' }
}

const holdsAny = (
  pid: number,
  held: readonly { fd: number; target: string }[],
  { target, wanted }: OtherEnd,
): boolean => held.some((one) => one.target === target && holdsAt({ pid, fd: one.fd }, target, wanted))

/** Returns whether a process has the other end of that input as well. */
export const holdsOtherEnd = (pid: number, input: DescriptorEnd, load: () => KernelLoading): boolean =>
  holdsAny(pid, listDescriptors(pid) ?? [], otherEndOf(input, 'writer', load))

/** Of several outputs those that the nearest ancestor reads: they are the connection. */
function readByAncestor(
  outputs: readonly DescriptorEnd[],
  { ancestors }: Around,
  load: () => KernelLoading,
): DescriptorEnd[] {
  for (const { pid } of ancestors.filter((one) => one.pid > 1)) {
    const held = listDescriptors(pid) ?? []
    const read = outputs.filter((end) => holdsAny(pid, held, otherEndOf(end, 'reader', load)))
    if (read.length > 0) return read
  }
  return []
}

/** The input whose other end an ancestor holds; null: none, or it may be any of several sockets. */
function writtenByAncestor(
  { ends }: Descriptors,
  outputs: readonly DescriptorEnd[],
  { ancestors }: Around,
  load: () => KernelLoading,
): DescriptorEnd | null {
  if (outputs.length > 1) return null
  const inputs = ends.filter(({ fd, canRead, kind }) => canRead && kind !== 'other' && (fd === 0 || fd > 2))
  for (const { pid } of ancestors.filter((one) => one.pid > 1))
    for (const end of inputs) if (holdsOtherEnd(pid, end, load)) return end
  return null
}

/** Returns what the processes below a Serena hold, and the sockets of itself: a pair of its own leads nowhere. */
export function targetsOf(inside: ReadonlySet<number>, pid: number): ReadonlySet<string> {
  const targets = new Set<string>()
  for (const one of inside)
    for (const { target } of listDescriptors(one) ?? [])
      if (one !== pid || target.startsWith('socket:')) targets.add(target)
  return targets
}

export function leadsInside(
  end: DescriptorEnd,
  inside: ReadonlySet<string>,
  load: () => KernelLoading,
): boolean {
  if (end.kind === 'pipe') return inside.has(`pipe:[${end.inode}]`)
  const peer = load().kernel?.socketPeer(end.inode) ?? null
  return peer !== null && peer !== '0' && inside.has(`socket:[${peer}]`)
}

/** Returns the inodes of the internet sockets of a process's network namespace; null: the tables cannot be read. */
export async function internetSockets(pid: number): Promise<ReadonlySet<string> | null> {
  const inodes = new Set<string>()
  for (const name of ['tcp', 'tcp6', 'udp', 'udp6']) {
    const text = await readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => null)
    if (text === null && name === 'tcp') return null
    for (const line of (text ?? '').split('\n').slice(1)) {
      const inode = line.trim().split(/\s+/)[9]
      if (inode !== undefined) inodes.add(inode)
    }
  }
  return inodes
}

/** Two sockets that the same other process made are the connection; the one that a thread waits to read from is the input. */
function madeByClient(
  pid: number,
  outputs: readonly DescriptorEnd[],
  load: () => KernelLoading,
): { input: DescriptorEnd; output: DescriptorEnd } | null {
  const { kernel } = load()
  const sockets = outputs.filter(({ kind }) => kind === 'socket')
  if (kernel === null || sockets.length < 2) return null
  const creators = sockets.map(({ fd }) => kernel.socketCreator(pid, fd))
  if (creators.includes(null)) return null
  const foreign = sockets.filter((_, at) => creators[at] !== pid)
  const areOfOne = new Set(creators.filter((one) => one !== pid)).size === 1
  const [first, second] = foreign
  if (!first || !second || foreign.length > 2 || !areOfOne) return null
  const beingRead = descriptorsBeingRead(pid)
  const inputs = foreign.filter(({ fd }) => beingRead.has(fd))
  const [input] = inputs
  if (!input || inputs.length > 1) return null
  return { input, output: input === first ? second : first }
}
