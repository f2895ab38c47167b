// Restores the registered entries of running instances after the whole folder `instances.d/` was removed. A single missing file was
// deregistered, and is not restored.
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OwnEntry } from '#contract/registry'
import { readRegularFile } from '../os/files/read-file.ts'
import { readEntryText } from './entry-text.ts'
import type { RegistryEntry } from './registry-entry.ts'
import type { EntryWriter } from './write-entry.ts'

const MAX_BYTES = 64 * 1024

export interface EntryKeeper {
  /** Writes the entry, and remembers it. */
  put: EntryWriter['put']
  /** `running`: entries of running processes, of the last scan. Returns how many entries were written again. */
  restore(running: readonly RegistryEntry[], isAlive: (identity: string) => boolean): Promise<number>
}

/** Returns a keeper of one backend. */
export function createEntryKeeper(writer: Pick<EntryWriter, 'put'>): EntryKeeper {
  const kept = new Map<string, { serenaHome: string; entry: OwnEntry }>()

  return {
    async put(serenaHome, entry) {
      const file = await writer.put(serenaHome, entry)
      kept.set(file, { serenaHome, entry })
      return file
    },
    async restore(running, isAlive) {
      for (const { file, serenaHome, shape } of running) {
        const read = shape === 'own' ? readRegularFile(file, MAX_BYTES) : null
        const parsed = read?.kind === 'text' ? readEntryText(read.text) : null
        if (parsed?.kind === 'entry') kept.set(file, { serenaHome, entry: parsed.entry })
      }
      let written = 0
      const lost = [...kept].filter(([file]) => !existsSync(dirname(file)))
      for (const [file, { serenaHome, entry }] of lost) {
        if (!isAlive(entry.identity) || !existsSync(serenaHome)) continue
        await writer.put(serenaHome, entry)
        kept.set(file, { serenaHome, entry })
        written++
      }
      for (const [file, { entry }] of kept)
        if (!isAlive(entry.identity) || !existsSync(file)) kept.delete(file)
      return written
    },
  }
}
