// Connects a client over HTTP to the hub.
import type { Hub } from '../hub.ts'
import type { ClientHello } from '../protocol.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'

export interface ConnectOptions {
  takesRequests: boolean
  /** The hub has closed it. `isEnd`: a user detached it. */
  onClose(isEnd: boolean): void
}

/** Returns the connected client. */
export function connectHttpClient(
  hub: Pick<Hub, 'connect' | 'disconnect'>,
  hello: ClientHello,
  { takesRequests, onClose }: ConnectOptions,
): HttpClient {
  const client: HttpClient = createHttpClient({
    connect: (port) => hub.connect(hello, port),
    disconnect: hub.disconnect,
    takesRequests,
    onClose(note) {
      hub.disconnect(client.session)
      onClose(note === 'exit')
    },
  })
  return client
}
