// Serenas of a hub that are killed in the same moment as they get a call.
import { expect } from 'vitest'
import type { Answer } from './hub-client.ts'
import type { HubStage } from './hub-stage.ts'
import { markProcess, signalProcess } from './processes.ts'

/** Part of the answer to a call that was lost. */
export const LOST = 'may or may not have taken effect'
export const textOf = ({ result }: Answer): string => result?.content?.[0]?.text ?? ''

const LANES = 5

/** Checks that every call is answered, and that no change is sent twice. Each round has a Serena of its own, because the fourth crash counts as a failure. */
export async function crashDuringCalls(stage: HubStage, rounds: number): Promise<void> {
  const lane = async (first: number): Promise<void> => {
    for (let round = first; round < rounds; round += LANES) await crashOnce(stage, round)
  }
  await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)))
}

async function crashOnce({ hub, serena, start }: HubStage, round: number): Promise<void> {
  const text = `round ${round}`
  const client = await hub.client({ ...start, flags: { shareAs: text } })
  const { result } = await client.call('read')
  const mark = markProcess(Number(result?.['pid']))
  if (mark === null) throw new Error('its Serena has exited')
  const answer = client.call('write', { text })
  // Before, while and after the message is on its way.
  if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
  if (round % 3 === 1) await client.ping()
  signalProcess(mark, 'SIGKILL')
  const words = textOf(await answer)
  expect(words === text || words.includes(LOST)).toBe(true)
  expect(serena.called().filter((one) => one === text).length).toBeLessThanOrEqual(1)
  // The kill may hit the next call as well, but not the one after it.
  const next = textOf(await client.call('write', { text: 'next' }))
  expect(next === 'next' || next.includes(LOST)).toBe(true)
  expect(textOf(await client.call('write', { text: 'last' }))).toBe('last')
  client.close()
}
