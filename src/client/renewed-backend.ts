// A backend whose place another one can take, while the page stays as it is: in the native window a killed one is started again.
import { type Backend, CallError } from './backend.ts'

export interface RenewedBackend extends Backend {
  /** From now on all calls go to this one. */
  renew(next: Backend): void
}

/** Begins with this one. */
export function makeRenewedBackend(first: Backend): RenewedBackend {
  let current = first
  return {
    renew(next) {
      current = next
    },
    call: (name, input) => current.call(name, input),
    async events(signal) {
      try {
        return await current.events(signal)
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== 'unauthorized') throw error
        // The new one answers already, and its introduction with a token is still on its way.
        throw new CallError('offline', 'Serena Deck was restarted.', 'The window connects to it by itself.', {
          cause: error,
        })
      }
    },
  }
}
