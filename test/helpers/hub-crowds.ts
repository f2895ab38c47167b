// Many clients of one hub at once: one Serena for all of them, and every answer to the client that it belongs to.
import { expect } from 'vitest'
import { textOf } from './crash-rounds.ts'
import type { HubClient } from './hub-client.ts'
import type { HubStage } from './hub-stage.ts'

/** Opens 20 clients at once for each share name, and expects that they share one Serena. */
export async function openTogether({ hub, start, serena }: HubStage, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const before = serena.starts().length
    const one = { ...start, flags: { shareAs: `round ${round}` } }
    const clients = await Promise.all(Array.from({ length: 20 }, () => hub.client(one)))
    const answers = await Promise.all(clients.map((client) => client.call('read', {}, 1)))
    expect(new Set(answers.map(({ result }) => result?.['pid'])).size).toBe(1)
    expect(serena.starts()).toHaveLength(before + 1)
    for (const client of clients) client.close()
  }
}

/** Sends `count` calls in random order from all clients, with equal ids, and expects the own answer for each. */
export async function callInterleaved(clients: readonly HubClient[], count: number): Promise<number> {
  let wrong = 0
  const lane = async (client: HubClient, name: string): Promise<void> => {
    for (let id = 0; id < count / clients.length; id += 5) {
      const texts = [0, 1, 2, 3, 4].map((more) => `${name} ${id + more}`)
      const answers = await Promise.all(
        texts.map((text, at) =>
          client.call(at === 2 ? 'write' : 'read', { text, progress: at % 2 }, id + at),
        ),
      )
      wrong += answers.filter((answer, at) => textOf(answer) !== texts[at]).length
    }
  }
  await Promise.all(clients.map((client, at) => lane(client, `client ${at}`)))
  return wrong
}
