// The error of a failed call, with texts to show to the user.

/** `code` is a code of the contract, or `offline`. */
export class CallError extends Error {
  readonly code: string
  readonly fix: string

  constructor(code: string, why: string, fix: string, options?: { cause?: unknown }) {
    super(why, options)
    this.name = 'CallError'
    this.code = code
    this.fix = fix
  }
}

/** Returns a CallError unchanged; any other value is a bug in the page and becomes an internal error. */
export const toCallError = (cause: unknown): CallError =>
  cause instanceof CallError
    ? cause
    : new CallError('internal', 'Internal error in this page.', 'Reload the page.', { cause })

/** Returns the message of an error, for a status message. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'The action failed.'
