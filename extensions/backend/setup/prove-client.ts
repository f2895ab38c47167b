// Starts the command of one client for real, as the client would, and waits until its instance is shown with its project.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance, InstanceList } from '#contract/instance'
import { type OwnChild, startOwnChild } from '../os/own-child.ts'

const START_MS = 90_000
const SHOWN_MS = 30_000
const SCAN_MS = 1_000
const PROTOCOL = '2025-06-18'

export interface Proof {
  /** Null: it works. */
  failure: string | null
  /** From the start to the list of its tools; null: no answer. */
  readyMs: number | null
  tools: number | null
  /** As it is shown: green with its project. */
  instance: Pick<Instance, 'pid' | 'title' | 'state' | 'colour'> | null
}

export interface ProofInput {
  command: readonly string[]
  project: string
  env: NodeJS.ProcessEnv
  /** Scans now. */
  list: () => Promise<InstanceList>
}

/** Never rejects for a command that does not work. */
export async function proveClient({ command, project, env, list }: ProofInput): Promise<Proof> {
  const [program = '', ...args] = command.map((word) => word.replaceAll('${workspaceFolder}', project))
  const startedMs = performance.now()
  const none = { readyMs: null, tools: null, instance: null }
  let child: OwnChild
  try {
    child = await startOwnChild(program, args, { cwd: project, env })
  } catch (error) {
    return {
      ...none,
      failure: `It cannot be started: ${error instanceof Error ? error.message : String(error)}.`,
    }
  }
  try {
    const tools = await toolsOf(child)
    if (tools === null) return { ...none, failure: 'It did not answer as an MCP server.' }
    const readyMs = Math.round(performance.now() - startedMs)
    const instance = await shownIn(project, list)
    const failure = instance === null ? 'Serena Deck does not show it with its project yet.' : null
    return { failure, readyMs, tools, instance }
  } finally {
    await child.stop()
  }
}

/** Returns the number of its tools; null: it has exited, or does not answer in time. */
async function toolsOf(child: OwnChild): Promise<number | null> {
  const answers = new Map<unknown, { result?: { tools?: unknown } }>()
  child.onLine((line) => {
    const answer = parse(line)
    if (answer !== null) answers.set(answer.id, answer)
  })
  const send = (message: object): void => child.writeLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const answered = async (id: number): Promise<{ result?: { tools?: unknown } } | null> => {
    for (const endMs = performance.now() + START_MS; performance.now() < endMs; await sleep(20)) {
      const answer = answers.get(id)
      if (answer) return answer
      if (child.exit() !== null) return null
    }
    return null
  }
  const clientInfo = { name: 'serena-deck-setup', version: '1' }
  send({ id: 1, method: 'initialize', params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo } })
  if (!(await answered(1))?.result) return null
  send({ method: 'notifications/initialized' })
  send({ id: 2, method: 'tools/list' })
  const tools = (await answered(2))?.result?.tools
  return Array.isArray(tools) ? tools.length : null
}

function parse(line: string): { id?: unknown; result?: { tools?: unknown } } | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    // Not a message: a program may print a warning.
    return null
  }
}

/** Returns the instance once it is green; null: it is not within the time. */
async function shownIn(project: string, list: ProofInput['list']): Promise<Proof['instance']> {
  for (const endMs = performance.now() + SHOWN_MS; ; await sleep(SCAN_MS)) {
    const { instances } = await list()
    const found = instances.find((one) => one.project?.path === project && one.state === 'live')
    if (found) return { pid: found.pid, title: found.title, state: found.state, colour: found.colour }
    if (performance.now() > endMs) return null
  }
}
