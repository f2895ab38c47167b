// The stdio connection of a Serena: has its MCP output a reader anywhere? The kernel tells, whoever reads and wherever that is; who
// can be seen at the other end only explains.
import type { ProcessFact } from '../../facts.ts'
import type { ConnectionHolder, WireFacts } from '../connection-facts.ts'
import { findConnection, judgeCandidates, type OutputState } from '../mcp-connection.ts'
import {
  holdsOtherEnd,
  internetSockets,
  leadsInside,
  madeByClient,
  targetsOf,
  writtenByAncestor,
} from './connection-candidates.ts'
import { createConnectionHolders, holdsAt, nameOf } from './connection-holders.ts'
import { type Around, launchersAmong, surroundings } from './connection-surroundings.ts'
import { type DescriptorEnd, type Descriptors, readDescriptors } from './descriptors.ts'
import { type KernelLoading, loadKernel } from './kernel.ts'
import { listDescriptors, readLink } from './read-proc.ts'
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

/** While the output has its reader, the rest of what was seen is good for so long. */
const OPEN_LASTS_MS = 12_000
/** So many identities are remembered. */
const MOST = 500

const unknown = (why: string): WireFacts => ({ clientEnd: 'unknown', holder: null, evidence: [why] })

interface Remembered {
  input: string | null
  outputs: readonly string[]
  ends: readonly DescriptorEnd[]
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
  const latest = new Map<string, { facts: WireFacts; atMs: number }>()
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
    const pair = madeByClient(process.pid, found.outputs, load)
    if (pair) return describe(pair.input, [pair.output])
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

  /** An open connection whose output still has its reader, seen a moment ago: who holds it is not looked up again so soon. */
  function lastOpen(process: ProcessFact): WireFacts | null {
    const last = latest.get(process.identity)
    if (!last || now() - last.atMs > OPEN_LASTS_MS || lookup.hasLostReader(process)) return null
    const { holder } = last.facts
    return !holder || identityOf(holder.pid) === holder.identity ? last.facts : null
  }

  const lookup: WireLookup = {
    async look(process, tree) {
      const { pid, identity } = process
      const before = lastOpen(process)
      if (before && identityOf(pid) === identity) return before
      const descriptors = readDescriptors(pid)
      if (descriptors === null || identityOf(pid) !== identity)
        return unknown(`The descriptors of process ${pid} cannot be read.`)
      const judged = await judge(process, tree, descriptors)
      latest.delete(identity)
      if (latest.size > MOST) latest.clear()
      if (judged.clientEnd === 'open' && judged.holder) latest.set(identity, { facts: judged, atMs: now() })
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
  return lookup
}

/** The readable end that an earlier look knew. */
const inputBeside = ({ ends }: Descriptors, before: { input: string | null } | null): DescriptorEnd | null =>
  ends.find(({ inode, canRead }) => canRead && inode === before?.input) ?? null
