// What the ends of a connection say: whether the client's end is open, and sentences that explain it.
import { closedEvidence, readerEvidence, UNSEEN_READER } from '../connection-evidence.ts'
import type { ConnectionFacts, ConnectionHolder } from '../connection-facts.ts'
import { type Around, launchersAmong } from '../linux/connection-surroundings.ts'
import type { DescriptorEnd, Ends } from '../linux/descriptors.ts'
import type { OutputState } from '../mcp-connection.ts'
import { handlesOf, type NativeSight } from './native-around.ts'
import type { ChannelEnd } from './native-descriptors.ts'
import type { NativeEnds } from './native-ends.ts'

/** Describes the connection on these descriptors. */
export async function describeNativeConnection(
  sight: NativeSight,
  ends: Ends,
  held: NativeEnds,
  around: Around,
): Promise<ConnectionFacts> {
  const { input, outputs } = ends
  const channelOf = (end: DescriptorEnd | null): ChannelEnd | null =>
    held.channels.get(end?.inode ?? '') ?? null
  const inputChannel = channelOf(input)
  const launchers = launchersAmong(around, input, outputs, sight.identityOf)
  const hasOneSocket = outputs.some(({ kind, inode }) => kind === 'socket' && inode === input?.inode)
  if (outputs.every((end) => channelOf(end)?.peer === null)) {
    const isWhole = inputChannel?.peer === null || hasOneSocket || outputs.length > 1
    const writer = inputChannel && (await findHolder(sight, inputChannel, around))
    const evidence = closedEvidence(isWhole, writer === null ? null : describeProcess(sight, writer))
    return { clientEnd: 'closed', isProven: true, holder: null, launchers, evidence }
  }
  const isInputClosed =
    inputChannel !== null && !hasOneSocket && (inputChannel.peer === null || inputChannel.isShut)
  const holder = await findReader(sight, ends, held, around)
  return {
    clientEnd: 'open',
    isProven: true,
    ...(isInputClosed && { isInputClosed }),
    holder,
    launchers,
    evidence: [holder ? readerEvidence(describeProcess(sight, holder.pid)) : UNSEEN_READER],
  }
}

/** Returns the state of each output, of which one is the connection. */
export function nativeStates(
  { files }: NativeSight,
  outputs: readonly DescriptorEnd[],
  { channels }: NativeEnds,
  { inside }: Around,
): readonly OutputState[] {
  const handles = new Set([...inside].flatMap((pid) => [...handlesOf(files, pid)]))
  return outputs.map(({ inode }) => {
    const channel = channels.get(inode)
    if (!channel) return 'unknown'
    if (channel.peer === null) return 'closed'
    return handles.has(channel.peer) ? 'inside' : 'open'
  })
}

async function findHolder(
  { holders }: NativeSight,
  { peer, kind }: ChannelEnd,
  { inside, ancestors }: Around,
): Promise<number | null> {
  if (peer === null) return null
  const above = ancestors.map(({ pid }) => pid).filter((pid) => pid > 1)
  return holders.find({ handle: peer, kind, inside, ancestors: above })
}

async function findReader(
  sight: NativeSight,
  { input, outputs }: Ends,
  { channels }: NativeEnds,
  around: Around,
): Promise<ConnectionHolder | null> {
  for (const end of outputs) {
    const channel = channels.get(end.inode)
    const pid = channel ? await findHolder(sight, channel, around) : null
    if (pid === null) continue
    const other = input ?? (outputs.length > 1 ? end : null)
    const otherPeer = channels.get(other?.inode ?? '')?.peer ?? null
    return {
      pid,
      identity: sight.identityOf(pid),
      name: nameOf(sight, pid),
      isAncestor: around.ancestors.some((one) => one.pid === pid),
      hasBothEnds: otherPeer !== null && sight.holders.holds(pid, otherPeer),
    }
  }
  return null
}

function nameOf({ reader }: NativeSight, pid: number): string {
  const process = reader.process(pid)
  return typeof process === 'string' ? '' : process.name
}

const describeProcess = (sight: NativeSight, pid: number): string => `process ${pid} (${nameOf(sight, pid)})`
