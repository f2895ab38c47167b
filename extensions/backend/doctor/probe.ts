// Starts an entry for real, asks what an MCP client asks first, and ends it. Only on request.
import { type OwnChild, startOwnChild } from '../os/own-child.ts'
import type { EntryFact } from './facts.ts'

const PATIENCE_MS = 60_000
const PROTOCOL = '2025-06-18'

export interface ProbeResult {
  client: string
  name: string
  file: string
  /** Null: it has answered both requests. */
  failure: string | null
  /** From the start to the answer to `initialize`, and to the list of tools; null: no answer. */
  initializeMs: number | null
  toolsMs: number | null
  server: string | null
  tools: number | null
}

interface Answer {
  id?: unknown
  result?: { serverInfo?: { name?: unknown; version?: unknown }; tools?: unknown }
  error?: { message?: unknown }
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
  const startedAt = performance.now()
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
    return { ...base, ...none, failure: null, ...(await handshake(child, startedAt)) }
  } catch (error) {
    return { ...base, ...none, failure: error instanceof Error ? error.message : String(error) }
  } finally {
    await child.stop()
  }
}

async function handshake(child: OwnChild, startedAt: number): Promise<Partial<ProbeResult>> {
  const answers = makeAnswers(child)
  const ask = async (id: number, method: string, params: object): Promise<Answer> => {
    child.writeLine(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    const answer = await answers.next(id)
    if (answer.error) throw new Error(`${method} failed: ${String(answer.error.message)}.`)
    return answer
  }
  const clientInfo = { name: 'serena-deck-doctor', version: '1' }
  const { result } = await ask(1, 'initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo })
  const initializeMs = Math.round(performance.now() - startedAt)
  child.writeLine(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  const listed = await ask(2, 'tools/list', {})
  const { name, version } = result?.serverInfo ?? {}
  const tools = listed.result?.tools
  return {
    initializeMs,
    toolsMs: Math.round(performance.now() - startedAt),
    server: typeof name === 'string' ? `${name}${typeof version === 'string' ? ` ${version}` : ''}` : null,
    tools: Array.isArray(tools) ? tools.length : null,
  }
}

/** Collects the answers by their ids. */
function makeAnswers(child: OwnChild): { next(id: number): Promise<Answer> } {
  const waiting = new Map<number, (answer: Answer) => void>()
  child.onLine((line) => {
    const answer = parseAnswer(line)
    if (typeof answer?.id === 'number') waiting.get(answer.id)?.(answer)
  })
  return {
    next: (id) =>
      new Promise((resolve, reject) => {
        const end = performance.now() + PATIENCE_MS
        const timer = setInterval(() => {
          const exit = child.exit()
          if (exit === null && performance.now() < end) return
          clearInterval(timer)
          reject(
            new Error(exit === null ? `It did not answer within ${PATIENCE_MS / 1000} s.` : exitText(exit)),
          )
        }, 50)
        waiting.set(id, (answer) => {
          clearInterval(timer)
          resolve(answer)
        })
      }),
  }
}

const exitText = ({ code, signal }: { code: number | null; signal: string | null }): string =>
  code === null
    ? `It was ended by ${signal ?? 'a signal'}.`
    : `It exited with code ${code} before it answered.`

function parseAnswer(line: string): Answer | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    // Not a message: some programs write to stdout what belongs on stderr.
    return null
  }
}
