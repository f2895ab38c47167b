// What an MCP client asks first of a server that was just started: `initialize` and the list of tools.
import { jsonValue } from '../lib/json-value.ts'
import type { OwnChild } from '../os/own-child.ts'

const PROTOCOL = '2025-06-18'

export interface Asked {
  clientName: string
  /** For each answer. */
  patienceMs: number
  /** When the server was started, monotonic milliseconds. */
  startedAt: number
}

export interface ServerAnswers {
  /** From the start to the answer to `initialize`. */
  initializeMs: number
  /** From the start to the list of tools. */
  toolsMs: number
  /** Name and version; null: it does not say. */
  server: string | null
  /** How many there are; null: the answer has no list. */
  tools: number | null
}

interface Answer {
  id?: unknown
  result?: { serverInfo?: { name?: unknown; version?: unknown }; tools?: unknown }
  error?: { message?: unknown }
}

/** Asks what an MCP client asks first. Rejects with a sentence: it has exited, did not answer in time, or answered with an error. */
export async function askTools(
  child: OwnChild,
  { clientName, patienceMs, startedAt }: Asked,
): Promise<ServerAnswers> {
  const answers = makeAnswers(child, patienceMs)
  const ask = async (id: number, method: string, params: object): Promise<Answer> => {
    child.writeLine(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    const answer = await answers.next(id)
    if (answer.error) throw new Error(`${method} failed: ${String(answer.error.message)}.`)
    return answer
  }
  const clientInfo = { name: clientName, version: '1' }
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
function makeAnswers(child: OwnChild, patienceMs: number): { next(id: number): Promise<Answer> } {
  const waiting = new Map<number, (answer: Answer) => void>()
  child.onLine((line) => {
    const answer = parseAnswer(line)
    if (typeof answer?.id === 'number') waiting.get(answer.id)?.(answer)
  })
  return {
    next: (id) =>
      new Promise((resolve, reject) => {
        const end = performance.now() + patienceMs
        const timer = setInterval(() => {
          const exit = child.exit()
          if (exit === null && performance.now() < end) return
          clearInterval(timer)
          reject(
            new Error(exit === null ? `It did not answer within ${patienceMs / 1000} s.` : exitText(exit)),
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
  // Not a message: some programs write to stdout what belongs on stderr.
  const value = jsonValue(line)
  return typeof value === 'object' && value !== null ? value : null
}
