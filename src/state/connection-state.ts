// State of the event stream, and the time it was lost.
import { type Accessor, createSignal } from 'solid-js'
import type { Connection } from '../client/event-pump.ts'
import { forgetToken } from '../client/session.ts'

export interface ConnectionState {
  connection: Accessor<Connection>
  /** When the connection was lost, epoch ms; null: it is not lost. */
  lostAtMs: Accessor<number | null>
  update(next: Connection): void
}

export function createConnectionState(): ConnectionState {
  const [connection, setConnection] = createSignal<Connection>('connecting')
  const [lostAtMs, setLostAtMs] = createSignal<number | null>(null)
  return {
    connection,
    lostAtMs,
    update(next) {
      setConnection(next)
      if (next === 'lost') setLostAtMs((at) => at ?? Date.now())
      if (next === 'open') setLostAtMs(null)
      if (next === 'unauthorized') forgetToken()
    },
  }
}
