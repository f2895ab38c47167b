// Starts an entry for real, asks what an MCP client asks first, and ends it. Only on request.
import { type OwnChild, startOwnChild } from '../os/own-child.ts'
import { askTools, type ServerAnswers } from './ask-tools.ts'
import type { EntryFact } from './facts.ts'

const PATIENCE_MS = 60_000

/** Each null: no answer. */
type Answers = { [Key in keyof ServerAnswers]: ServerAnswers[Key] | null }

export interface ProbeResult extends Answers {
  client: string
  name: string
  file: string
  /** Null: it has answered both requests. */
  failure: string | null
}

/** Probes one entry in its folder, with its environment on top of ours. Never rejects. */
export async function probeEntry(
  { entry, argv, root }: EntryFact,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<ProbeResult> {
  const base = { client: entry.client, name: entry.name, file: entry.file }
  const none = { initializeMs: null, toolsMs: null, server: null, tools: null }
  const [program, ...args] = argv
  if (program === undefined)
    return { ...base, ...none, failure: 'It connects to a URL: there is no program to start.' }
  const asked = { clientName: 'serena-deck-doctor', patienceMs: PATIENCE_MS, startedAt: performance.now() }
  let child: OwnChild
  try {
    child = await startOwnChild(program, args, {
      cwd: entry.cwd ?? root ?? cwd,
      env: { ...env, ...entry.env },
    })
  } catch (error) {
    return {
      ...base,
      ...none,
      failure: `It cannot be started: ${error instanceof Error ? error.message : String(error)}.`,
    }
  }
  try {
    return { ...base, ...none, failure: null, ...(await askTools(child, asked)) }
  } catch (error) {
    return { ...base, ...none, failure: error instanceof Error ? error.message : String(error) }
  } finally {
    await child.stop()
  }
}
