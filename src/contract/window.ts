// The messages between native window, page and backend over the window's own socket.
import * as z from 'zod/mini'
import { instanceListSchema } from './instance.ts'

/** The backend's name as an extension of the window. */
export const EXTENSION_ID = 'io.serena-deck.backend'

/** The handshake that the window's runtime writes to the stdin of its extension: port and secrets of its socket. */
export const handshakeSchema = z.object({
  nlPort: z.string().check(z.regex(/^[1-9]\d{0,4}$/)),
  nlToken: z.string().check(z.minLength(1), z.maxLength(512)),
  nlConnectToken: z.string().check(z.regex(/^[\w.-]{1,256}$/)),
  nlExtensionId: z.literal(EXTENSION_ID),
})
export type Handshake = z.infer<typeof handshakeSchema>

/** Page to backend. `hello`: asks for the address of the backend; `keep`: stores this text for the next window. */
export const PAGE_EVENTS = { hello: 'hello', keep: 'keep' } as const
/** Backend to page. `backend`: the answer to `hello`; `show`: opens a tab. */
export const BACKEND_EVENTS = { backend: 'deckBackend', show: 'deckShow' } as const

/** Maximum length of the stored text, in characters. */
export const MAX_KEPT = 32 * 1024
export const keepSchema = z.object({ text: z.string().check(z.maxLength(MAX_KEPT)) })

export const backendMessageSchema = z.object({
  /** `http://127.0.0.1:25282` */
  url: z.string(),
  /** Single use, valid for one minute. */
  nonce: z.string(),
  /** The text that the last window stored; null: none. */
  kept: z.nullable(z.string()),
  /** Whether the window's runtime can show desktop notifications here. */
  canNotify: z.boolean(),
  /** The current list, so that the page can draw before its stream opens. Absent: no scan has finished, or another version. */
  list: z.catch(z.optional(instanceListSchema), undefined),
})
export type BackendMessage = z.infer<typeof backendMessageSchema>

/** `id`: an instance's, or that of the tab All. */
export const showMessageSchema = z.object({ id: z.string(), view: z.optional(z.string()) })
