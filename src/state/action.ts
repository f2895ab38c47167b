// Something a person started: whether it runs, and how it failed.
import { type Accessor, createSignal } from 'solid-js'
import { CallError } from '../client/backend.ts'

export interface Action {
  isBusy: Accessor<boolean>
  error: Accessor<CallError | null>
  /** Runs the task unless one runs already; true when it succeeded. */
  run(task: () => Promise<unknown>): Promise<boolean>
}

/** One button's worth of work. */
export function createAction(): Action {
  const [isBusy, setIsBusy] = createSignal(false)
  const [error, setError] = createSignal<CallError | null>(null)
  return {
    isBusy,
    error,
    async run(task) {
      if (isBusy()) return false
      setIsBusy(true)
      setError(null)
      try {
        await task()
        return true
      } catch (cause) {
        setError(
          cause instanceof CallError
            ? cause
            : new CallError('internal', 'This page has a fault.', 'Reload it.', { cause }),
        )
        return false
      } finally {
        setIsBusy(false)
      }
    },
  }
}
