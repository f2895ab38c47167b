// The running backend as a source of answers for the commands.
import { AppError } from '#contract/errors'
import { makeEventFrames } from '#contract/event-frames'
import { deckEventSchema } from '#contract/events'
import type { InstanceList } from '#contract/instance'
import { stateFolder } from '../os/paths.ts'
import { type BackendClient, findBackend } from './backend-client.ts'
import type { DeckSource } from './deck-source.ts'

/** Ten seconds for a shutdown, three for each signal, and the scans before and after. */
const END_MS = 120_000

export interface RunningBackend extends DeckSource {
  /** Returns a new address with a single-use nonce. */
  openUrl(): Promise<string>
  /** Returns the current list without a new scan. */
  current(): Promise<InstanceList>
  /** Brings the native window to the front, with that tab and view, as the route of the same name does. */
  showWindow(tab: string | null, view?: string): Promise<{ isShown: boolean; hasPage: boolean }>
}

/** Calls back with the first list and with a new one after each change, until the stream ends. */
async function follow(
  client: BackendClient,
  signal: AbortSignal,
  onList: (list: InstanceList) => void,
): Promise<void> {
  const frames = makeEventFrames((issue) => new AppError('bad-input', { issue }))
  const decoder = new TextDecoder()
  for await (const chunk of await client.events(signal)) {
    for (const data of frames.push(decoder.decode(chunk, { stream: true }))) {
      const event = deckEventSchema.parse(JSON.parse(data))
      if (event.type === 'snapshot') onList(event.list)
      // The change itself is not merged here: one short call returns the whole list in the right order.
      if (event.type === 'delta') onList(await client.call('instances'))
    }
  }
}

function sourceOf(client: BackendClient): RunningBackend {
  const lost = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    lost.signal.addEventListener('abort', () => reject(lost.signal.reason))
  })
  // Commands that do not watch never await it.
  ended.catch(() => undefined)
  return {
    openUrl: () => client.openUrl(),
    current: () => client.call('instances'),
    showWindow: (id, view) =>
      client.call('showWindow', { body: { id, ...(view !== undefined && { view }) } }),
    list: () => client.call('sweep'),
    watch(onList) {
      const stop = new AbortController()
      follow(client, stop.signal, onList)
        .then(() => lost.abort(new AppError('backend-not-running')))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) lost.abort(error)
        })
      return () => stop.abort()
    },
    logs: (id, from) => client.call('logs', { params: { id }, query: { from: String(from) } }),
    // The running backend has observed the instances long enough.
    settle: () => Promise.resolve(),
    plan: (ids) => client.call('planEnding', { body: { ids: ids === null ? null : [...ids] } }),
    end: (request) => client.call('end', { body: request, timeoutMs: END_MS }),
    setLabel: (id, change) => client.call('setLabel', { params: { id }, body: change }),
    jump: (id) => client.call('jump', { params: { id }, body: {} }),
    history: ({ about, limit }) =>
      client.call('history', {
        query: { limit: String(Math.min(limit, 10_000)), ...(about !== null && { about }) },
      }),
    registry: {
      list: () => client.call('registry'),
      register: (registration) => client.call('register', { body: registration }),
      touch: (id) => client.call('touchEntry', { params: { id }, body: {} }),
      update: (id, change) => client.call('updateEntry', { params: { id }, body: change }),
      deregister: (id) => client.call('deregisterEntry', { params: { id }, body: {} }),
    },
    hub: {
      status: async () => (await client.call('hub')).hub,
      async control({ action, target }) {
        if (action === 'detach')
          return (await client.call('detachClient', { body: { client: target ?? '' }, timeoutMs: END_MS }))
            .count
        const name = action === 'stop' ? 'stopHub' : 'restartHub'
        return (await client.call(name, { body: { target }, timeoutMs: END_MS })).count
      },
    },
    ended,
    close: () => Promise.resolve(),
  }
}

/** Returns the running backend of this user's state folder; null: none is running, or another program listens on its port. */
export async function findRunning(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  /** Called with a sentence if a backend is running but does not answer. */
  onSilent: (text: string) => void = () => undefined,
): Promise<RunningBackend | null> {
  const client = await findBackend(stateFolder(env, platform), ({ pid, port }) =>
    onSilent(`The running Serena Deck (process ${pid}) does not answer on port ${port}.`),
  )
  return client && sourceOf(client)
}
