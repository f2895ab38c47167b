// Cleans up after a test: a scope collects cleanup functions and always runs them, last first.

export interface Scope {
  add(end: () => Promise<void> | void): void
  /** Runs all cleanup functions, even when some fail; then throws the first failure. */
  end(): Promise<void>
}

/** Creates an empty scope. */
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
