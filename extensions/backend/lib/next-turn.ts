// Long synchronous work in slices: between two of them the event loop serves everything else.

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
