// Keeps registered entries of living instances from getting lost with the whole `instances.d/`: they are remembered, and written
// again when the folder has disappeared. A single file that is gone was deregistered, and stays gone.
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OwnEntry } from '#contract/registry'
import type { RegistryEntry } from '../../facts.ts'
import { readRegularFile } from '../../lib/read-file.ts'
import { readEntryText } from './entry-text.ts'
import type { EntryWriter } from './write-entry.ts'

const MAX_BYTES = 64 * 1024

export interface EntryKeeper {
  /** As the writer's, and remembered from this moment. */
  put: EntryWriter['put']
  /** `living`: entries whose process lives, of the last look. Resolves to how many had to be written again. */
  keep(living: readonly RegistryEntry[], isAlive: (identity: string) => boolean): Promise<number>
}

/** A keeper of one backend. */
export function createEntryKeeper(writer: Pick<EntryWriter, 'put'>): EntryKeeper {
  const kept = new Map<string, { serenaHome: string; entry: OwnEntry }>()

  return {
    async put(serenaHome, entry) {
      const file = await writer.put(serenaHome, entry)
      kept.set(file, { serenaHome, entry })
      return file
    },
    async keep(living, isAlive) {
      for (const { file, serenaHome, shape } of living) {
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
