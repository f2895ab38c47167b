// The answers that `connect` gives by itself, for requests whose answer can no longer arrive. Pure.

/** JSON-RPC: the first code of those that a server defines. */
const SERVER_ERROR = -32_000

const LOST_CALL =
  'The connection to Serena was lost while this call was running. The call may or may not have taken effect: check before you repeat it.'
export const LOST_REQUEST = 'The connection to Serena was lost repeatedly while this request was running.'

/** Returns the result of a tool call that was sent and will not be answered. `rawId` is JSON. */
export const lostCallAnswer = (rawId: string): Buffer => toolError(rawId, LOST_CALL)

/** Returns the answer to a request that was not carried out, and why. */
export const failureAnswer = (rawId: string, method: string, why: string): Buffer =>
  method === 'tools/call'
    ? toolError(rawId, why)
    : Buffer.from(
        `{"jsonrpc":"2.0","id":${rawId},"error":{"code":${SERVER_ERROR},"message":${JSON.stringify(why)}}}`,
      )

/** A tool error is shown to the model; many clients show a JSON-RPC error to no one. */
const toolError = (rawId: string, text: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":${rawId},"result":{"content":[{"type":"text","text":${JSON.stringify(text)}}],"isError":true}}`,
  )
