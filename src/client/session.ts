// The session of this page: a single-use nonce is exchanged for a token, which is stored until the browser tab is closed.
import type { Backend } from './backend.ts'
import { CallError } from './call-error.ts'

const TOKEN_KEY = 'serena-deck.token'

/** Returns the token of this tab; null: none. */
export const storedToken = (): string | null => sessionStorage.getItem(TOKEN_KEY)

/** Deletes a token that the backend no longer accepts. */
export const forgetToken = (): void => sessionStorage.removeItem(TOKEN_KEY)

/** Exchanges the nonce for a token; without a nonce, or if it was used, returns the stored token. Null: no token. */
export async function openSession(anonymous: Backend, nonce: string | null): Promise<string | null> {
  if (nonce === null) return storedToken()
  try {
    const { token } = await anonymous.call('session', { body: { nonce } })
    sessionStorage.setItem(TOKEN_KEY, token)
    return token
  } catch (error) {
    if (error instanceof CallError) return storedToken()
    throw error
  }
}
