// What the native window, its page and the backend say to each other over the window's own socket.
import * as z from 'zod/mini'
import { instanceListSchema } from './instance.ts'

/** The backend's name as an extension of the window. */
export const EXTENSION_ID = 'io.serena-deck.backend'

/** What the window's runtime writes to the stdin of its extension: port and secrets of its socket. */
export const handshakeSchema = z.object({
  nlPort: z.string().check(z.regex(/^[1-9]\d{0,4}$/)),
  nlToken: z.string().check(z.minLength(1), z.maxLength(512)),
  nlConnectToken: z.string().check(z.regex(/^[\w.-]{1,256}$/)),
  nlExtensionId: z.literal(EXTENSION_ID),
})
export type Handshake = z.infer<typeof handshakeSchema>

/** Page to backend. `hello`: I am here, tell me where you are; `keep`: remember this text for the next window. */
export const PAGE_EVENTS = { hello: 'hello', keep: 'keep' } as const
/** Backend to page. `backend`: the answer to `hello`; `show`: open this tab, somebody asked for it. */
export const BACKEND_EVENTS = { backend: 'deckBackend', show: 'deckShow' } as const

/** Longest text the page may have kept. */
export const MAX_KEPT = 32 * 1024
export const keepSchema = z.object({ text: z.string().check(z.maxLength(MAX_KEPT)) })

export const backendMessageSchema = z.object({
  /** `http://127.0.0.1:25282` */
  url: z.string(),
  /** Single-use, good for a minute. */
  nonce: z.string(),
  /** What the last window had kept; null: nothing. */
  kept: z.nullable(z.string()),
  /** Whether the window's runtime can show a notice on this desktop. */
  canNotify: z.boolean(),
  /** What the backend knows now, so that the page need not wait for its stream to draw. Absent: it has not looked yet, or is of another version. */
  list: z.catch(z.optional(instanceListSchema), undefined),
})
export type BackendMessage = z.infer<typeof backendMessageSchema>

export const showMessageSchema = z.object({ id: z.string() })
