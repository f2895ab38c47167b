// How this page proves that it may: a single-use nonce is traded for the token, which lives as long as the browser tab.
import { type Backend, CallError } from './backend.ts'

const TOKEN_KEY = 'serena-deck.token'

/** The token of this tab, if it has one. */
export const knownToken = (): string | null => sessionStorage.getItem(TOKEN_KEY)

/** Forgets the token: the backend that gave it is gone. */
export const forgetToken = (): void => sessionStorage.removeItem(TOKEN_KEY)

/** Trades the nonce for the token; without a nonce, or when it is spent, the token this tab already has. Null: neither. */
export async function openSession(anonymous: Backend, nonce: string | null): Promise<string | null> {
  if (nonce === null) return knownToken()
  try {
    const { token } = await anonymous.call('session', { body: { nonce } })
    sessionStorage.setItem(TOKEN_KEY, token)
    return token
  } catch (error) {
    if (error instanceof CallError) return knownToken()
    throw error
  }
}
