// Requests to one dashboard that remember which routes its version does not have.
import type { Answer, Exchange, Transport } from './transport.ts'

export type AskRoute = (
  method: Exchange['method'],
  path: string,
  body?: unknown,
  deadlineMs?: number,
) => Promise<Answer>

export function createRoutes(transport: Pick<Transport, 'exchange'>, callMs: number): AskRoute {
  const missing = new Set<string>()
  return async (method, path, body, deadlineMs = callMs) => {
    if (missing.has(path)) return { kind: 'absent' }
    const answer = await transport.exchange({ method, path, body, deadlineMs })
    if (answer.kind === 'absent') missing.add(path)
    return answer
  }
}
