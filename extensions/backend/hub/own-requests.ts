// Requests that the hub itself sends to a Serena, beside those of clients.
import { splice } from '../mcp/json-spans.ts'
import { type MessageParts, partsOf } from '../mcp/message-parts.ts'

export interface OwnRequests {
  /** Sends a request under an id of its own; resolves to the answer, rejects when Serena exits before. */
  ask(line: Buffer): Promise<Buffer>
  /** Returns whether the answer belongs to one of them. */
  settle(line: Buffer, parts: MessageParts): boolean
  /** Serena has exited. */
  lose(): void
}

/** Creates the own requests to one Serena. */
export function createOwnRequests(deps: { write(line: Buffer): void; nextId(): number }): OwnRequests {
  const running = new Map<number, { resolve: (answer: Buffer) => void; reject: (error: Error) => void }>()
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        const span = partsOf(line)?.id
        if (!span) return reject(new Error('a request without an id'))
        const id = deps.nextId()
        running.set(id, { resolve, reject })
        deps.write(splice(line, span, String(id)))
      }),
    settle(line, { rawId }) {
      const id = Number(rawId)
      const request = running.get(id)
      running.delete(id)
      request?.resolve(line)
      return request !== undefined
    },
    lose() {
      for (const { reject } of running.values()) reject(new Error('Serena has exited'))
      running.clear()
    },
  }
}

/** Returns a request; `params` is JSON text. */
export const requestLine = (method: string, params: string | null = null): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":0,"method":"${method}"${params === null ? '' : `,"params":${params}`}}`)
