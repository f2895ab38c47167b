// A stand-in for the hub: the real protocol over a real socket, with a status that the test sets.
import { mkdir } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { HubStatus } from '#contract/hub'
import { hubStatus } from '#contract/hub.fixture'
import type { Scope } from './scope.ts'

export interface ObservedHub {
  status: HubStatus
  /** What was asked of it. */
  readonly controls: { action: string; target: string | null }[]
  /** Sends the changed status to all observers. */
  change(changes: Partial<HubStatus>): void
  stop(): Promise<void>
}

/** Starts a hub in this process. `answer`: the result of a control action. */
export async function startObservedHub(
  scope: Scope,
  socketPath: string,
  initial: Partial<HubStatus> = {},
  answer: (control: { action: string; target: string | null }) => object = () => ({ done: true, count: 1 }),
): Promise<ObservedHub> {
  const observers = new Set<Socket>()
  const hub: ObservedHub = {
    status: hubStatus({ pid: process.pid, ...initial }),
    controls: [],
    change(changes) {
      hub.status = { ...hub.status, ...changes }
      for (const socket of observers) send(socket, hub.status)
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of observers) socket.destroy()
        server.close(() => resolve())
      }),
  }
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('close', () => observers.delete(socket))
    let text = ''
    socket.on('data', (bytes) => {
      text += String(bytes)
      if (!text.includes('\n')) return
      const hello = JSON.parse(text) as { kind: string; action: string; target: string | null }
      send(socket, { serenaDeck: 'welcome', protocol: 1, release: '0.1.0', pid: hub.status.pid })
      if (hello.kind === 'observer') {
        observers.add(socket)
        send(socket, hub.status)
      }
      if (hello.kind === 'control') {
        const { action, target } = hello
        hub.controls.push({ action, target })
        send(socket, answer({ action, target }))
      }
      text = ''
    })
  })
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  scope.add(() => hub.stop())
  return hub
}

const send = (socket: Socket, message: object): void => void socket.write(`${JSON.stringify(message)}\n`)
