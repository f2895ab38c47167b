// Removing dead entries of ours while others do the same, or when the system does not let us.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDeadEntries } from './dead-entries.ts'
import { makeEntry } from './own-entry.ts'
import { createViewPublisher } from './publish-view.ts'
import { createRegistryReader } from './read-registry.ts'
import type { RegistryEntry } from './registry-entry.ts'
import { createEntryWriter } from './write-entry.ts'

const hasExited = () => Promise.resolve(false)
const writer = createEntryWriter({ hasExited })
const look = () => Promise.resolve(() => false)
const entries = createDeadEntries({
  writer,
  publisher: createViewPublisher({ hasExited, findRunning: look, nowMs: Date.now, ownPid: process.pid }),
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

it('succeeds if another process removed the entry first', async () => {
  const entry = await writeDead()
  expect(await Promise.all([entries.remove(entry), entries.remove(entry)])).toEqual([null, null])
})

it('reports that the entry has changed if it is of another process', async () => {
  const entry = await writeDead()
  expect(await entries.remove({ ...entry, identity: 'boot:4194301:2' })).toMatch(/ has changed\.$/)
})

/** A flag of the file, or a program of Windows that holds it open; root's `chattr` has the effect of both. */
it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'reports that the system refuses to remove the file',
  async () => {
    const entry = await writeDead()
    const { status } = spawnSync('chattr', ['+i', entry.file])
    if (status !== 0) return // this file system has no such flag
    try {
      expect(await entries.remove(entry)).toMatch(/refused to remove it\.$/)
    } finally {
      spawnSync('chattr', ['-i', entry.file])
    }
  },
)
