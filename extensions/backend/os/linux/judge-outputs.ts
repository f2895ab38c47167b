// Several descriptors, one of which is the MCP output: their combined state when it is not known which one it is.
import type { ConnectionFacts } from '../connection-facts.ts'
import { judgeCandidates, type OutputState } from '../mcp-connection.ts'
import { internetSockets, leadsInside, targetsOf } from './connection-candidates.ts'
import type { Around } from './connection-surroundings.ts'
import type { DescriptorEnd } from './descriptors.ts'
import type { EndStates } from './end-states.ts'

export interface JudgedOutputs {
  connection: ConnectionFacts
  /** The only descriptor that can be the output; null: there are several, or it stays a candidate. */
  only: DescriptorEnd | null
}

/** Judges the descriptors that can be the MCP output. `hasOther`: the output may also be a terminal, a named pipe or a file. */
export async function judgeOutputs(
  states: EndStates,
  pid: number,
  { outputs, hasOther }: { outputs: readonly DescriptorEnd[]; hasOther: boolean },
  around: Around,
): Promise<JudgedOutputs> {
  const found = await statesOf(states, pid, outputs, around)
  const judged = judgeCandidates(found, hasOther)
  if (judged === 'closed') return { connection: CLOSED, only: null }
  if (judged === 'unknown') return { connection: UNDETERMINED, only: null }
  // A single socket may have been inherited from anywhere; it stays one of the candidates.
  const outside = outputs.filter((_, at) => found[at] !== 'inside')
  const [first] = outside
  const only = outside.length === 1 && first?.kind === 'pipe' ? first : null
  return { connection: { clientEnd: 'open', isProven: true, holder: null, evidence: [] }, only }
}

const CLOSED: ConnectionFacts = {
  clientEnd: 'closed',
  isProven: true,
  holder: null,
  evidence: ['No process reads its output.'],
}
const UNDETERMINED: ConnectionFacts = {
  clientEnd: 'unknown',
  holder: null,
  evidence: ['Cannot determine which of its descriptors is its MCP output.'],
}

async function statesOf(
  { stateOf, kernel }: EndStates,
  pid: number,
  outputs: readonly DescriptorEnd[],
  around: Around,
): Promise<readonly OutputState[]> {
  const insideTargets = targetsOf(around.inside, pid)
  const states: OutputState[] = []
  for (const end of outputs)
    states.push(leadsInside(end, insideTargets, kernel) ? 'inside' : await stateOf(pid, end, 'reader'))
  const isUnlisted = ({ kind }: DescriptorEnd, at: number): boolean =>
    kind === 'socket' && states[at] === 'unknown'
  if (!outputs.some(isUnlisted)) return states
  // Internet sockets are no connection of this kind.
  const internet = await internetSockets(pid)
  return states.map((state, at) => {
    const end = outputs[at]
    return end && isUnlisted(end, at) && internet?.has(end.inode) ? 'inside' : state
  })
}
