// Removing what is left in the registry of processes that are gone: our own entries, and those of shape c once nobody writes
// that file any more. Files of the other shapes are somebody's whom we do not know: they are never changed.
import { existsSync } from 'node:fs'
import { AppError } from '#contract/errors'
import type { RegistryEntry } from '../../facts.ts'
import type { ViewPublisher } from './publish-view.ts'
import type { EntryWriter } from './write-entry.ts'

export interface DeadEntries {
  /** Why the file of an entry is left alone, in a sentence; null: it need not be. */
  barOf(entry: RegistryEntry): Promise<string | null>
  /** Removes an entry whose process is proven to be gone. The result says why it stays; null: it is removed. */
  remove(entry: RegistryEntry): Promise<string | null>
}

/** For the registry of one deck. It throws for nothing that files do. */
export function createDeadEntries({
  writer,
  publisher,
}: {
  writer: Pick<EntryWriter, 'remove'>
  publisher: Pick<ViewPublisher, 'whyLeft' | 'removeDead'>
}): DeadEntries {
  return {
    async barOf({ file, serenaHome, shape, identity }) {
      if (shape === 'own') return identity === null ? `The entry in ${file} names no process.` : null
      if (shape !== 'c') return leftAlone(file, 'which another program writes')
      const why = await publisher.whyLeft(serenaHome)
      return why === null ? null : leftAlone(file, `which another program writes (${why})`)
    },
    async remove({ file, serenaHome, shape, pid, identity, startedAtMs }) {
      if (shape === 'own' && identity !== null) return removeOwn(file, identity)
      if (shape !== 'c') return leftAlone(file, 'which another program writes')
      const why = await publisher.removeDead(serenaHome, { pid, startedAtMs })
      return why === null ? null : leftAlone(file, `and it stays: ${why}`)
    },
  }

  async function removeOwn(file: string, identity: string): Promise<string | null> {
    try {
      await writer.remove(file, identity)
      return null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code !== 'entry-not-found') return error.message
      // Whoever wrote it, or another of us, has removed it meanwhile.
      return existsSync(file) ? `The entry in ${file} has changed.` : null
    }
  }
}

const leftAlone = (file: string, why: string): string =>
  `The entry stands in ${file}, ${why}: Serena Deck leaves that file alone.`
