// Answers that are given in place of a server, one line of JSON each, without the newline. Pure.
import { partsOf, spanAt } from './message-parts.ts'

/** `id` is JSON text. */
export const resultLine = (id: string, result: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`)

export const errorLine = (id: string, code: number, message: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":${JSON.stringify(message)}}}`)

/** The failure of a tool: clients show its text to the model. */
export const toolErrorLine = (id: string, text: string): Buffer =>
  resultLine(id, `{"content":[{"type":"text","text":${JSON.stringify(text)}}],"isError":true}`)

/** JSON-RPC: the method does not exist. */
export const METHOD_NOT_FOUND = -32601
/** JSON-RPC: the server failed. */
export const INTERNAL_ERROR = -32603

/** Whether an answer to a tool call says that it has failed. */
export function isToolError(answer: Buffer): boolean {
  const parts = partsOf(answer)
  const span = parts && spanAt(answer, parts.result, 'isError')
  return parts?.result === null || (span ? answer.toString('latin1', ...span) === 'true' : false)
}
