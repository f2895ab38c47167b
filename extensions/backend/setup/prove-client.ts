// Starts the command of one client for real, as the client would, and waits until its instance is shown with its project.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance, InstanceList } from '#contract/instance'
import { askTools } from '../doctor/ask-tools.ts'
import { type OwnChild, startOwnChild } from '../os/own-child.ts'
import type { ClientPlan } from './setup-plan.ts'

const START_MS = 90_000
const SHOWN_MS = 30_000
const SCAN_MS = 1_000

export interface Proof {
  /** Null: it works. */
  failure: string | null
  /** From the start to the list of its tools; null: no answer. */
  readyMs: number | null
  tools: number | null
  /** As it is shown: green with its project; null: it has no project yet, or it failed. */
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
  const asked = { clientName: 'serena-deck-setup', patienceMs: START_MS, startedAt: performance.now() }
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
    // It has exited, or does not answer in time.
    const answers = await askTools(child, asked).catch(() => null)
    if (answers === null || answers.tools === null)
      return { ...none, failure: 'It did not answer as an MCP server.' }
    const { tools, toolsMs: readyMs } = answers
    // Without a project of its own it is not green before an agent activates one.
    if (!namesProject(command)) return { failure: null, readyMs, tools, instance: null }
    const instance = await shownIn(project, list)
    const failure = instance === null ? 'Serena Deck does not show it with its project yet.' : null
    return { failure, readyMs, tools, instance }
  } finally {
    await child.stop()
  }
}

/** Returns the client whose command is tried: one that names the project, if there is one. */
export const provenClient = (clients: readonly ClientPlan[]): ClientPlan | undefined =>
  clients.find(({ command }) => command !== null && namesProject(command)) ??
  clients.find(({ command }) => command !== null)

/** Whether Serena gets a project from this command. */
const namesProject = (command: readonly string[]): boolean =>
  command.some((word) => word.startsWith('--project'))

/** Returns the instance once it is green; null: it is not within the time. */
async function shownIn(project: string, list: ProofInput['list']): Promise<Proof['instance']> {
  for (const endMs = performance.now() + SHOWN_MS; ; await sleep(SCAN_MS)) {
    const { instances } = await list()
    const found = instances.find((one) => one.project?.path === project && one.state === 'live')
    if (found) return { pid: found.pid, title: found.title, state: found.state, colour: found.colour }
    if (performance.now() > endMs) return null
  }
}
