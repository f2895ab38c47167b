// The running backend as a source of answers for the commands.
import { AppError } from '#contract/errors'
import { makeEventFrames } from '#contract/event-frames'
import { deckEventSchema } from '#contract/events'
import type { InstanceList } from '#contract/instance'
import { type BackendClient, findBackend } from '../backend-client.ts'
import { stateFolder } from '../os/paths.ts'
import type { DeckSource } from './source.ts'

/** Ten seconds for a shutdown, three for each harder way, and looks before and after. */
const END_MS = 120_000

export interface RunningBackend extends DeckSource {
  /** A fresh address with a single-use nonce. */
  openUrl(): Promise<string>
  /** Brings the native window to the front, with that tab, as the route of that name has it. */
  showWindow(instanceId: string | null): Promise<{ isShown: boolean; hasPage: boolean }>
}

/** Calls back with the first list and with a fresh one after each change, until the stream ends. */
async function follow(
  client: BackendClient,
  signal: AbortSignal,
  onList: (list: InstanceList) => void,
): Promise<void> {
  const frames = makeEventFrames()
  const decoder = new TextDecoder()
  for await (const chunk of await client.events(signal)) {
    for (const data of frames.push(decoder.decode(chunk, { stream: true }))) {
      const event = deckEventSchema.parse(JSON.parse(data))
      if (event.type === 'snapshot') onList(event.list)
      // The change itself is not merged here: the whole list is one short call away, and in its proper order.
      if (event.type === 'delta') onList(await client.call('instances'))
    }
  }
}

function sourceOf(client: BackendClient): RunningBackend {
  const lost = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    lost.signal.addEventListener('abort', () => reject(lost.signal.reason))
  })
  // Commands that do not watch never look at it.
  ended.catch(() => undefined)
  return {
    openUrl: () => client.openUrl(),
    showWindow: (id) => client.call('showWindow', { body: { id } }),
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
    // It has watched all the time.
    settle: () => Promise.resolve(),
    plan: (ids) => client.call('planEnding', { body: { ids: ids === null ? null : [...ids] } }),
    end: (request) => client.call('end', { body: request, timeoutMs: END_MS }),
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
    ended,
    close: () => Promise.resolve(),
  }
}

/** The running backend of this user's state folder; null: there is none, or what listens there could not prove itself. */
export async function findRunning(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  /** Gets a sentence when one runs and does not answer. */
  onSilent: (text: string) => void = () => undefined,
): Promise<RunningBackend | null> {
  const client = await findBackend(stateFolder(env, platform), ({ pid, port }) =>
    onSilent(`The running Serena Deck (process ${pid}) does not answer on port ${port}.`),
  )
  return client && sourceOf(client)
}
