// The events of a hub, through their file, to a backend.
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HubSerena } from '#contract/hub'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import { createEventFile, type HubEvent } from './event-file.ts'
import { takeHubEvents } from './take-events.ts'

let state = ''
const faults: unknown[] = []
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'hub-events-'))
  faults.length = 0
  await mkdir(join(state, 'hub'))
})
afterEach(() => rmSync(state, { recursive: true }))

function stage() {
  let serenas: HubSerena[] = []
  const file = createEventFile(
    join(state, 'hub'),
    () => hubStatus({ serenas }),
    (error) => void faults.push(error),
  )
  return {
    async becomes(...next: HubSerena[]) {
      serenas = next
      file.changed()
      await nextTurn()
    },
  }
}

const taken = async (isKept = true): Promise<string[]> => {
  const all: HubEvent[] = []
  await takeHubEvents(state, (events) => {
    all.push(...events)
    return Promise.resolve(isKept)
  })
  return all.map(({ event, serena, client }) => `${event} ${client?.id ?? serena.id}`)
}

const running = hubSerena({ state: 'running', pid: 7 })

test('gives each event once, oldest first, with the hub it is of', async () => {
  const hub = stage()
  await hub.becomes({ ...running, clients: [hubClient()] })
  await hub.becomes({ ...hubSerena({ state: 'asleep' }), clients: [hubClient()] })
  await hub.becomes({ ...running, pid: 8, clients: [hubClient()] })
  let first: HubEvent | undefined
  await takeHubEvents(state, ([one]) => {
    first = one
    return Promise.resolve(false)
  })
  const { pid, startedAt } = hubStatus()
  expect(first).toMatchObject({ event: 'joined', hub: { pid, startedAt }, client: { id: 'c1' } })
  expect(first?.serena.clients).toEqual([])
  expect(await taken()).toEqual(['joined c1', 'slept s1', 'woke s1'])
  expect(await taken()).toEqual([])
  await hub.becomes()
  expect(await taken()).toEqual(['left c1'])
  expect(readdirSync(join(state, 'hub'))).toEqual([])
  expect(faults).toEqual([])
})

test('gives what could not be kept again, before what came later', async () => {
  const hub = stage()
  await hub.becomes({ ...running, clients: [hubClient()] })
  expect(await taken(false)).toEqual(['joined c1'])
  await hub.becomes(running)
  expect(await taken()).toEqual(['joined c1', 'left c1'])
})

test('leaves out lines that cannot be read, and writes nothing without an event', async () => {
  const file = join(state, 'hub', 'events.jsonl')
  const hub = stage()
  await hub.becomes(running)
  expect(existsSync(file)).toBe(false)
  appendFileSync(file, '{"at":"2026","event":"exploded"}\n{"at":\n')
  await hub.becomes({ ...running, clients: [hubClient()] })
  expect(await taken()).toEqual(['joined c1'])
})

test('keeps the newest events when no backend takes them', async () => {
  const hub = stage()
  const name = 'x'.repeat(100_000)
  for (let at = 0; at < 24; at++)
    await hub.becomes({ ...running, clients: [hubClient({ id: `c${at}`, name })] })
  const all = await taken()
  expect(all.at(-1)).toBe('left c22')
  expect(all.length).toBeGreaterThan(6)
  expect(all.length).toBeLessThan(20)
})

test('reports a file that cannot be written', async () => {
  const hub = stage()
  await mkdir(join(state, 'hub', 'events.jsonl'))
  await hub.becomes({ ...running, clients: [hubClient()] })
  expect(faults).toEqual([expect.any(Error)])
})
