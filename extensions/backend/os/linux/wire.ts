// The stdio connection of a Serena: has its MCP output a reader anywhere? The kernel tells, whoever reads and wherever that is; who
// can be seen at the other end only explains.
import { readFile } from 'node:fs/promises'
import type { ProcessFact } from '../../facts.ts'
import type { ConnectionHolder, WireFacts } from '../connection-facts.ts'
import { type AncestorEnds, findConnection, judgeCandidates, type OutputState } from '../mcp-connection.ts'
import { ancestorsOf, createConnectionHolders, holdsAt, nameOf } from './connection-holders.ts'
import { type DescriptorEnd, type Descriptors, readDescriptors } from './descriptors.ts'
import { type KernelLoading, loadKernel } from './kernel.ts'
import { parseDescriptorFlags } from './parse-wire.ts'
import { listDescriptors, readLink, readProcText } from './read-proc.ts'
import { chooseSocketEnds, endsByKernel, endsByReferences, type SocketEnds } from './socket-ends.ts'
import { descriptorsBeingRead } from './threads.ts'

export interface WireDeps {
  /** The identity of a pid at this moment. */
  identityOf: (pid: number) => string | null
  /** Monotonic milliseconds. */
  now?: () => number
  /** What tells of pipes here, asked for once. */
  kernel?: () => KernelLoading
  /** What tells of sockets here, asked for once; null: nothing does. */
  chooseEnds?: () => Promise<SocketEnds | null>
}

export interface WireLookup {
  look(process: ProcessFact, tree: readonly ProcessFact[]): Promise<WireFacts>
  /** Cheap: the output that an earlier look found has no reader now. */
  hasLostReader(process: ProcessFact): boolean
  /** Why nothing can be proven of pipes; null: it can, or no pipe was looked at. */
  problem(): string | null
}

/** So many identities are remembered. */
const MOST = 500

const unknown = (why: string): WireFacts => ({ clientEnd: 'unknown', holder: null, evidence: [why] })

interface Remembered {
  input: string | null
  outputs: readonly string[]
  ends: readonly DescriptorEnd[]
}

interface Around {
  inside: ReadonlySet<number>
  ancestors: readonly { pid: number; ends: AncestorEnds }[]
}

/** A lookup that remembers which descriptors are the connection of a process. */
export function createWireLookup({
  identityOf,
  now = () => performance.now(),
  kernel: load = loadKernel,
  chooseEnds = () => chooseSocketEnds([endsByReferences(now), endsByKernel(load())]),
}: WireDeps): WireLookup {
  const holders = createConnectionHolders(now)
  const known = new Map<string, Remembered>()
  let choosing: Promise<SocketEnds | null> | null = null
  let problem: string | null = null

  async function stateOf(pid: number, end: DescriptorEnd, wanted: 'reader' | 'writer'): Promise<OutputState> {
    if (end.kind === 'other') return 'unknown'
    if (end.kind === 'pipe') {
      const loading = load()
      problem = loading.problem
      if (loading.kernel === null) return 'unknown'
      return wanted === 'reader'
        ? loading.kernel.pipeReader(pid, end.fd, end.inode)
        : loading.kernel.pipeWriter(pid, end.fd, end.inode)
    }
    choosing ??= chooseEnds()
    const endOf = await choosing
    const found = endOf?.(pid, end.inode) ?? 'unlisted'
    return found === 'unlisted' ? 'unknown' : found
  }

  async function holderOf(
    of: { pid: number; end: DescriptorEnd; wanted: 'reader' | 'writer' },
    around: Around,
  ): Promise<{ pid: number; fd: number; target: string } | null> {
    const { end, wanted } = of
    const peer = end.kind === 'socket' ? (load().kernel?.socketPeer(end.inode) ?? null) : null
    if (end.kind === 'socket' && (peer === null || peer === '0')) return null
    const target = peer === null ? `pipe:[${end.inode}]` : `socket:[${peer}]`
    const found = await holders.find({
      target,
      wanted: peer === null ? wanted : 'either',
      inside: around.inside,
      ancestors: around.ancestors.map(({ pid }) => pid),
    })
    return found && { ...found, target }
  }

  async function describeKnown(
    { pid }: ProcessFact,
    { input, outputs }: { input: DescriptorEnd | null; outputs: readonly DescriptorEnd[] },
    around: Around,
  ): Promise<WireFacts> {
    const states = await Promise.all(outputs.map((end) => stateOf(pid, end, 'reader')))
    const state = states.every((one) => one === 'closed')
      ? 'closed'
      : states.includes('open')
        ? 'open'
        : 'unknown'
    const inputState = input === null ? 'unknown' : await stateOf(pid, input, 'writer')
    const isOneSocket = outputs.some(({ kind, inode }) => kind === 'socket' && inode === input?.inode)
    const launchers = launchersAmong(around, input, outputs, identityOf)
    if (state === 'closed') {
      const writer =
        input && inputState !== 'closed'
          ? await holderOf({ pid, end: input, wanted: 'writer' }, around)
          : null
      const isWhole = inputState === 'closed' || isOneSocket || outputs.length > 1
      const evidence = [
        isWhole ? 'No process holds the other end of its stdio connection.' : 'No process reads its stdout.',
        ...(writer ? [`Its stdin is still held open by ${nameOf(writer.pid)}.`] : []),
      ]
      return { clientEnd: 'closed', isProven: true, holder: null, launchers, evidence }
    }
    const holder = await readerOf(pid, { input, outputs }, around)
    const isInputClosed = state === 'open' && inputState === 'closed' && !isOneSocket
    const evidence = holder
      ? [`Its stdout is read by ${nameOf(holder.pid)}.`]
      : state === 'open'
        ? ['Its stdout has a reader, which cannot be seen from here.']
        : [whyUnproven(outputs)]
    return {
      clientEnd: state === 'open' || holder !== null ? 'open' : 'unknown',
      ...(state === 'open' && { isProven: true }),
      ...(isInputClosed && { isInputClosed }),
      holder,
      launchers,
      evidence,
    }
  }

  async function readerOf(
    pid: number,
    { input, outputs }: { input: DescriptorEnd | null; outputs: readonly DescriptorEnd[] },
    around: Around,
  ): Promise<ConnectionHolder | null> {
    for (const end of outputs) {
      const reader = await holderOf({ pid, end, wanted: 'reader' }, around)
      if (reader) return describeHolder(reader.pid, input ?? (outputs.length > 1 ? end : null), around)
    }
    return null
  }

  function describeHolder(pid: number, input: DescriptorEnd | null, around: Around): ConnectionHolder {
    const stat = nameOf(pid)
    return {
      pid,
      identity: identityOf(pid),
      name: /\((.*)\)$/.exec(stat)?.[1] ?? '',
      isAncestor: around.ancestors.some((one) => one.pid === pid),
      hasBothEnds: input !== null && holdsOtherEnd(pid, input, load),
    }
  }

  const whyUnproven = (outputs: readonly DescriptorEnd[]): string =>
    outputs.some(({ kind }) => kind === 'pipe') && problem !== null
      ? 'Whether its stdout has a reader cannot be proven without the native calls.'
      : 'Whether its stdout has a reader cannot be read just now.'

  async function judgeUnknown(
    { pid }: ProcessFact,
    outputs: readonly DescriptorEnd[],
    hasOther: boolean,
    around: Around,
  ): Promise<{ wire: WireFacts; only: DescriptorEnd | null }> {
    const insideTargets = targetsOf(around.inside, pid)
    const states: OutputState[] = []
    for (const end of outputs) {
      const isInside = leadsInside(end, insideTargets, load)
      states.push(isInside ? 'inside' : await stateOf(pid, end, 'reader'))
    }
    // Internet sockets are no connection of this kind.
    const unlisted = outputs.filter((end, at) => states[at] === 'unknown' && end.kind === 'socket')
    const internet = unlisted.length > 0 ? await internetSockets(pid) : null
    for (const end of unlisted) if (internet?.has(end.inode)) states[outputs.indexOf(end)] = 'inside'
    const judged = judgeCandidates(states, hasOther)
    const outside = outputs.filter((_, at) => states[at] !== 'inside')
    if (judged === 'closed')
      return {
        wire: {
          clientEnd: 'closed',
          isProven: true,
          holder: null,
          evidence: ['No process reads what it writes.'],
        },
        only: null,
      }
    // A single socket may have been inherited from anywhere; it stays one of the candidates.
    const [first] = outside
    const only = judged === 'open' && outside.length === 1 && first?.kind === 'pipe' ? first : null
    const why = 'Which of its descriptors is its MCP output cannot be determined.'
    return {
      wire:
        judged === 'open' ? { clientEnd: 'open', isProven: true, holder: null, evidence: [] } : unknown(why),
      only,
    }
  }

  /** Of several outputs those that the nearest ancestor reads are the connection. */
  function readByAncestor(outputs: readonly DescriptorEnd[], { ancestors }: Around): DescriptorEnd[] {
    for (const { pid } of ancestors.filter((one) => one.pid > 1)) {
      const held = listDescriptors(pid) ?? []
      const read = outputs.filter((end) => {
        const peer = end.kind === 'socket' ? load().kernel?.socketPeer(end.inode) : null
        const target = end.kind === 'pipe' ? `pipe:[${end.inode}]` : `socket:[${peer ?? ''}]`
        const wanted = end.kind === 'pipe' ? 'reader' : 'either'
        return held.some((one) => one.target === target && holdsAt({ pid, fd: one.fd }, target, wanted))
      })
      if (read.length > 0) return read
    }
    return []
  }

  function remember(identity: string, input: DescriptorEnd | null, outputs: readonly DescriptorEnd[]): void {
    if (known.size > MOST) known.clear()
    known.set(identity, {
      input: input?.inode ?? null,
      outputs: outputs.map(({ inode }) => inode),
      ends: outputs,
    })
  }

  async function judge(
    process: ProcessFact,
    tree: readonly ProcessFact[],
    descriptors: Descriptors,
  ): Promise<WireFacts> {
    const around = surroundings(process, tree)
    const before = known.get(process.identity) ?? null
    const found = findConnection(
      descriptors,
      around.ancestors.map(({ ends }) => ends),
      before,
    )
    if (found.kind === 'none') return { clientEnd: 'not-applicable', evidence: [found.why] }
    if (found.kind === 'known') {
      const input = found.input ?? inputBeside(descriptors, before)
      return describe(input, found.outputs)
    }
    const read = readByAncestor(found.outputs, around)
    if (read.length > 1) {
      // Of two sockets, which both read and write, the one that a thread waits to read from is the input.
      const beingRead = descriptorsBeingRead(process.pid)
      const [input = null] = read.filter(({ fd }) => beingRead.has(fd))
      return describe(input, input === null ? read : read.filter((end) => end !== input))
    }
    if (read.length > 0) return describe(writtenByAncestor(descriptors, read, around, load), read)
    const { wire, only } = await judgeUnknown(process, found.outputs, found.hasOther, around)
    return only === null ? wire : describe(null, [only])

    async function describe(
      input: DescriptorEnd | null,
      outputs: readonly DescriptorEnd[],
    ): Promise<WireFacts> {
      remember(process.identity, input, outputs)
      return describeKnown(process, { input, outputs }, around)
    }
  }

  return {
    async look(process, tree) {
      const { pid, identity } = process
      const descriptors = readDescriptors(pid)
      if (descriptors === null || identityOf(pid) !== identity)
        return unknown(`The descriptors of process ${pid} cannot be read.`)
      const judged = await judge(process, tree, descriptors)
      return identityOf(pid) === identity ? judged : unknown(`Process ${pid} exited while it was looked at.`)
    },
    hasLostReader({ pid, identity }) {
      const before = known.get(identity)
      const { kernel } = load()
      if (!before || kernel === null) return false
      return before.ends.every(({ fd, kind, inode }) => {
        if (readLink(`/proc/${pid}/fd/${fd}`) !== `${kind}:[${inode}]`) return false
        return kind === 'pipe'
          ? kernel.pipeReader(pid, fd, inode) === 'closed'
          : kernel.socketPeer(inode) === '0'
      })
    },
    problem: () => problem,
  }
}

/** The readable end that an earlier look knew. */
const inputBeside = ({ ends }: Descriptors, before: { input: string | null } | null): DescriptorEnd | null =>
  ends.find(({ inode, canRead }) => canRead && inode === before?.input) ?? null

/** Who stands above a process with what each has on its standard descriptors, and who is below. */
function surroundings(process: ProcessFact, tree: readonly ProcessFact[]): Around {
  const ancestors = ancestorsOf(process.pid).map(({ pid }) => ({ pid, ends: standardEndsOf(pid) }))
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

/** The ancestors up to the topmost that has the very same input or output on its own descriptors 0 or 1. */
function launchersAmong(
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

/** Whether a process has the other end of that input as well. */
function holdsOtherEnd(pid: number, input: DescriptorEnd, load: () => KernelLoading): boolean {
  const peer = input.kind === 'socket' ? load().kernel?.socketPeer(input.inode) : null
  const target = input.kind === 'pipe' ? `pipe:[${input.inode}]` : `socket:[${peer ?? ''}]`
  const wanted = input.kind === 'pipe' ? 'writer' : 'either'
  return (listDescriptors(pid) ?? []).some(
    (held) => held.target === target && holdsAt({ pid, fd: held.fd }, target, wanted),
  )
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

/** What the processes below a Serena hold, and the sockets of itself: a pair of its own leads nowhere. */
function targetsOf(inside: ReadonlySet<number>, pid: number): ReadonlySet<string> {
  const targets = new Set<string>()
  for (const one of inside)
    for (const { target } of listDescriptors(one) ?? [])
      if (one !== pid || target.startsWith('socket:')) targets.add(target)
  return targets
}

function leadsInside(end: DescriptorEnd, inside: ReadonlySet<string>, load: () => KernelLoading): boolean {
  if (end.kind === 'pipe') return inside.has(`pipe:[${end.inode}]`)
  const peer = load().kernel?.socketPeer(end.inode) ?? null
  return peer !== null && peer !== '0' && inside.has(`socket:[${peer}]`)
}

/** The inodes of the internet sockets of a process's network namespace; null: the tables cannot be read. */
async function internetSockets(pid: number): Promise<ReadonlySet<string> | null> {
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
