// An action that the user starts, with its busy state and its error.
import { type Accessor, createSignal } from 'solid-js'
import { type CallError, toCallError } from '../client/call-error.ts'

export interface Action {
  isBusy: Accessor<boolean>
  error: Accessor<CallError | null>
  /** Runs the task unless one is running; true when it succeeded. */
  run(task: () => Promise<unknown>): Promise<boolean>
}

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
        setError(toCallError(cause))
        return false
      } finally {
        setIsBusy(false)
      }
    },
  }
}
