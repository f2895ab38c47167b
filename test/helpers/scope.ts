// What a test starts, it ends: a scope collects endings and runs them, last first, whatever happened before.

export interface Scope {
  add(end: () => Promise<void> | void): void
  /** Runs all endings, even when some fail; throws the first failure at the end. */
  end(): Promise<void>
}

/** An empty one. */
export function createScope(): Scope {
  const endings: (() => Promise<void> | void)[] = []
  return {
    add: (ending) => void endings.push(ending),
    async end() {
      const failures: unknown[] = []
      for (let ending = endings.pop(); ending; ending = endings.pop()) {
        try {
          await ending()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
