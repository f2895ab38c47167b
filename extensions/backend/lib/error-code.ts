// The code of a failed system call.

/** Returns the system's code of an error, such as `ENOSPC`; empty: it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
