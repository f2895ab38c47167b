// Long synchronous work in pieces: between two of them the loop serves everybody else.

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
