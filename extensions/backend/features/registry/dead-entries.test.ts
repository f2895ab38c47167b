// Removing dead entries of ours while others do the same, or when the system does not let us.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RegistryEntry } from '../../facts.ts'
import { createDeadEntries } from './dead-entries.ts'
import { makeEntry } from './own-entry.ts'
import { createViewPublisher } from './publish-view.ts'
import { createRegistryReader } from './read-registry.ts'
import { createEntryWriter } from './write-entry.ts'

const isGone = () => Promise.resolve(false)
const writer = createEntryWriter({ isGone })
const look = () => Promise.resolve(() => false)
const entries = createDeadEntries({
  writer,
  publisher: createViewPublisher({ isGone, look, nowMs: Date.now, ownPid: process.pid }),
})

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-dead-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function writeDead(): Promise<RegistryEntry> {
  const gone = { pid: 4_194_301, identity: 'boot:4194301:1', startedAtMs: 1 }
  await writer.put(home, makeEntry(gone, {}, { pidNamespace: null, nowMs: 1 }))
  const [entry] = (await createRegistryReader().read([home])).entries
  if (!entry) throw new Error('no entry')
  return entry
}

it('is not said to have changed when another removed it first', async () => {
  const entry = await writeDead()
  expect(await Promise.all([entries.remove(entry), entries.remove(entry)])).toEqual([null, null])
})

it('is said to have changed when another process has it by now', async () => {
  const entry = await writeDead()
  expect(await entries.remove({ ...entry, identity: 'boot:4194301:2' })).toMatch(/ has changed\.$/)
})

/** A flag of the file, or a program of Windows that holds it open; root's own `chattr` stands for both. */
it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'is not said to have changed when the system does not let it be removed',
  async () => {
    const entry = await writeDead()
    const { status } = spawnSync('chattr', ['+i', entry.file])
    if (status !== 0) return // this file system has no such flag
    try {
      expect(await entries.remove(entry)).toMatch(/does not let it be removed\.$/)
    } finally {
      spawnSync('chattr', ['-i', entry.file])
    }
  },
)
