// Removes registry entries of processes that have exited: our own, and those of shape c once no program writes that file. Files of
// the other shapes belong to unknown programs: they are never changed.
import { existsSync } from 'node:fs'
import { AppError } from '#contract/errors'
import type { ViewPublisher } from './publish-view.ts'
import type { RegistryEntry } from './registry-entry.ts'
import type { EntryWriter } from './write-entry.ts'

export interface DeadEntries {
  /** Returns why the entry cannot be removed, as a sentence; null: it can. */
  whyKept(entry: RegistryEntry): Promise<string | null>
  /** Removes an entry whose process is proven to have exited. Returns why it is kept; null: it is removed. */
  remove(entry: RegistryEntry): Promise<string | null>
}

/** Creates the removal of dead entries for the registry of one deck. It throws no file system error. */
export function createDeadEntries({
  writer,
  publisher,
}: {
  writer: Pick<EntryWriter, 'remove'>
  publisher: Pick<ViewPublisher, 'whyReadOnly' | 'removeDead'>
}): DeadEntries {
  return {
    async whyKept({ file, serenaHome, shape, identity }) {
      if (shape === 'own') return identity === null ? `The entry in ${file} does not name a process.` : null
      if (shape !== 'c') return keptText(file, 'which another program writes')
      const why = await publisher.whyReadOnly(serenaHome)
      return why === null ? null : keptText(file, `which another program writes (${why})`)
    },
    async remove({ file, serenaHome, shape, pid, identity, startedAtMs }) {
      if (shape === 'own' && identity !== null) return removeOwn(file, identity)
      if (shape !== 'c') return keptText(file, 'which another program writes')
      const why = await publisher.removeDead(serenaHome, { pid, startedAtMs })
      return why === null ? null : keptText(file, `which cannot be changed now (${why})`)
    },
  }

  async function removeOwn(file: string, identity: string): Promise<string | null> {
    try {
      await writer.remove(file, identity)
      return null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code !== 'entry-not-found') return error.message
      // Another process has removed it meanwhile.
      return existsSync(file) ? `The entry in ${file} has changed.` : null
    }
  }
}

const keptText = (file: string, why: string): string =>
  `The entry is in ${file}, ${why}. Serena Deck does not change that file.`
