// A backend that can be replaced while the page stays open: the native window restarts a killed backend.
import type { Backend } from './backend.ts'
import { CallError } from './call-error.ts'

export interface ReplaceableBackend extends Backend {
  /** Sends all further calls to this backend. */
  replace(next: Backend): void
}

export function makeReplaceableBackend(first: Backend): ReplaceableBackend {
  let current = first
  return {
    replace(next) {
      current = next
    },
    call: (name, input) => current.call(name, input),
    async events(signal) {
      try {
        return await current.events(signal)
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== 'unauthorized') throw error
        // The new backend already answers, but its token has not arrived yet: report a temporary error, so that the caller retries.
        throw new CallError('offline', 'Serena Deck was restarted.', 'The window reconnects automatically.', {
          cause: error,
        })
      }
    },
  }
}
