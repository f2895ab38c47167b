// The hub for a long time and many times: nothing grows, nothing is left.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { crashDuringCalls, textOf } from '../helpers/crash-rounds.ts'
import { callInterleaved, openTogether } from '../helpers/hub-crowds.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import { markTree } from '../helpers/processes.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const MB = 1024 * 1024
const descriptors = ({ hub }: HubStage): number => readdirSync(`/proc/${hub.mark.pid}/fd`).length
const processes = ({ hub }: HubStage): number => markTree(hub.mark.pid).length

test('a Serena that is killed in the same moment as a call, 50 times', async () => {
  await crashDuringCalls(await startHubStage(scope), 50)
})

test('20 clients at the same moment start one Serena, 20 times', async () => {
  const stage = await startHubStage(scope, { serenaSeconds: 0.5 })
  await openTogether(stage, 20)
  await stage.hub.until('every Serena to end', ({ serenas }) => serenas.length === 0)
  expect(processes(stage)).toBe(1)
})

describe('memory, descriptors and processes are as before', () => {
  test('after 2,000 calls', async () => {
    const stage = await startHubStage(scope)
    const clients = await Promise.all([stage.open(), stage.open(), stage.open(), stage.open()])
    const soak = async (): Promise<void> => {
      expect(await callInterleaved(clients, 2_000)).toBe(0)
      for (const client of clients) await client.call('read', { size: 3 * MB })
    }
    // The first round loads and compiles.
    await soak()
    const before = { bytes: stage.hub.memoryBytes(), files: descriptors(stage), count: processes(stage) }
    await soak()
    await waitUntil('the memory of before', () => stage.hub.memoryBytes() < before.bytes + 3 * MB, {
      timeoutMs: 30_000,
    })
    expect(descriptors(stage)).toBe(before.files)
    expect(processes(stage)).toBe(before.count)
  })

  test('after 500 connections', async () => {
    const stage = await startHubStage(scope)
    const kept = await stage.open()
    const connectAll = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 10) {
        const clients = await Promise.all(Array.from({ length: 10 }, () => stage.open()))
        await Promise.all(clients.map((client) => client.call('read')))
        // Half of them without a word, as killed clients.
        for (const [i, client] of clients.entries()) {
          if (i % 2 === 0) client.close()
          else client.socket.destroy()
        }
      }
      await stage.hub.until('one client', ({ serenas }) => serenas[0]?.clients.length === 1)
    }
    await connectAll(100)
    const before = { bytes: stage.hub.memoryBytes(), files: descriptors(stage), count: processes(stage) }
    await connectAll(500)
    await waitUntil('the memory of before', () => stage.hub.memoryBytes() < before.bytes + 3 * MB, {
      timeoutMs: 30_000,
    })
    await waitUntil('the descriptors of before', () => descriptors(stage) <= before.files)
    expect(processes(stage)).toBe(before.count)
    expect(textOf(await kept.call('read', { text: 'still here' }))).toBe('still here')
    expect(stage.serena.starts()).toHaveLength(1)
    expect(stage.hub.log()).toBe('')
  })
})
