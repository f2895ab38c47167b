// Answers of many, given on as they come: one that does not answer holds up nobody.

/** Calls back with what has come, every `everyMs` at most, and with the rest at the end. Nulls are left out. */
export async function inPieces<Item>(
  tasks: readonly Promise<Item | null>[],
  everyMs: number,
  give: (items: readonly Item[]) => void,
): Promise<void> {
  let waiting: Item[] = []
  const flush = (): void => {
    if (waiting.length > 0) give(waiting)
    waiting = []
  }
  const timer = setInterval(flush, everyMs)
  try {
    await Promise.all(
      tasks.map(async (task) => {
        const item = await task
        if (item !== null) waiting.push(item)
      }),
    )
  } finally {
    clearInterval(timer)
    flush()
  }
}
