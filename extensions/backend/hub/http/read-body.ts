// Reads the body of a request, limited in size.
import type { IncomingMessage } from 'node:http'

export type Body = { kind: 'whole'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'aborted' }

/** Resolves when the body was received. A larger one is not read further. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) return { kind: 'too-large' }
      chunks.push(chunk)
    }
  } catch {
    // The client has closed the connection.
    return { kind: 'aborted' }
  }
  return request.complete ? { kind: 'whole', bytes: Buffer.concat(chunks, size) } : { kind: 'aborted' }
}

/** Returns JSON in one line: outside of strings a line break is as good as a blank, and inside there is none. */
export function onOneLine(json: Buffer): Buffer {
  for (let at = 0; at < json.length; at++) if (json[at] === 0x0a || json[at] === 0x0d) json[at] = 0x20
  return json
}
