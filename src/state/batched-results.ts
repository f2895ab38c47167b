// Results of many tasks, delivered in batches as they arrive, so that a slow task does not delay the others.

/** Calls `onBatch` with the results so far, at most every `everyMs`, and with the rest at the end. Nulls are left out. */
export async function inBatches<Item>(
  tasks: readonly Promise<Item | null>[],
  everyMs: number,
  onBatch: (items: readonly Item[]) => void,
): Promise<void> {
  let pending: Item[] = []
  const flush = (): void => {
    if (pending.length > 0) onBatch(pending)
    pending = []
  }
  const timer = setInterval(flush, everyMs)
  try {
    await Promise.all(
      tasks.map(async (task) => {
        const item = await task
        if (item !== null) pending.push(item)
      }),
    )
  } finally {
    clearInterval(timer)
    flush()
  }
}
