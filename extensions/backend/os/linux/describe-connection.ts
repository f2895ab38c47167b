// What the ends of a known connection say: whether the client's end is open, and sentences that explain it.
import { closedEvidence, readerEvidence, UNSEEN_READER } from '../connection-evidence.ts'
import type { ConnectionFacts } from '../connection-facts.ts'
import { nameOf } from './connection-holders.ts'
import { type Around, launchersAmong } from './connection-surroundings.ts'
import type { Ends } from './descriptors.ts'
import { findHolder, findReader, type HolderDeps } from './end-holders.ts'
import type { EndStates } from './end-states.ts'

export interface DescribeDeps extends HolderDeps {
  states: EndStates
}

/** Describes the connection of process `pid` on these descriptors. */
export async function describeConnection(
  deps: DescribeDeps,
  pid: number,
  ends: Ends,
  around: Around,
): Promise<ConnectionFacts> {
  const { input, outputs } = ends
  const { stateOf } = deps.states
  const outputStates = await Promise.all(outputs.map((end) => stateOf(pid, end, 'reader')))
  const inputState = input === null ? 'unknown' : await stateOf(pid, input, 'writer')
  const launchers = launchersAmong(around, input, outputs, deps.identityOf)
  const hasOneSocket = outputs.some(({ kind, inode }) => kind === 'socket' && inode === input?.inode)
  if (outputStates.every((one) => one === 'closed')) {
    const isWhole = inputState === 'closed' || hasOneSocket || outputs.length > 1
    const writer = input && inputState !== 'closed' ? await findHolder(deps, input, 'writer', around) : null
    const evidence = closedEvidence(isWhole, writer === null ? null : nameOf(writer))
    return { clientEnd: 'closed', isProven: true, holder: null, launchers, evidence }
  }
  const isOpen = outputStates.includes('open')
  const holder = await findReader(deps, ends, around)
  return {
    clientEnd: isOpen || holder !== null ? 'open' : 'unknown',
    ...(isOpen && { isProven: true }),
    ...(isOpen && inputState === 'closed' && !hasOneSocket && { isInputClosed: true }),
    holder,
    launchers,
    evidence: [holder ? readerEvidence(nameOf(holder.pid)) : unseenReader(deps.states, ends, isOpen)],
  }
}

function unseenReader(states: EndStates, { outputs }: Ends, isOpen: boolean): string {
  if (isOpen) return UNSEEN_READER
  return outputs.some(({ kind }) => kind === 'pipe') && states.problem() !== null
    ? 'Cannot verify whether its stdout has a reader: native calls are not available.'
    : 'Cannot verify at the moment whether its stdout has a reader.'
}
