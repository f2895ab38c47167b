// Keeps the memory and activity of the last week on disk: one small file, written whole, at most every five minutes.
import { join } from 'node:path'
import type { UsageWeek } from '#contract/usage'
import type { UsageScan } from '../instances/usage-traces.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { writeFileWhole } from '../os/files/write-file.ts'
import { createUsageWeekLog } from './usage-week.ts'

const WRITE_EVERY_MS = 5 * 60_000
/** Larger than any file that is written. */
const MAX_BYTES = 2 * 1024 * 1024

export interface UsageKeeper {
  /** Reads what an earlier run wrote; from here on it is written. */
  begin(): void
  take(scan: UsageScan): void
  week(): UsageWeek
  /** Writes what is not written yet. */
  close(): void
}

export interface UsageKeeperDeps {
  folder: string
  clock: { wall: () => number; monotonic: () => number }
  /** Called when the file cannot be written. The next attempt is five minutes later. */
  onFault: (error: unknown) => void
}

/** Creates the keeper of a state folder; the file is created by the first write. */
export function createUsageKeeper({ folder, clock, onFault }: UsageKeeperDeps): UsageKeeper {
  const file = join(folder, 'usage.json')
  const log = createUsageWeekLog()
  let hasBegun = false
  let written: string | null = null
  let writtenAtMs = clock.monotonic()

  function write(): void {
    writtenAtMs = clock.monotonic()
    const text = log.toText()
    if (text === null || text === written) return
    try {
      secureFolder(folder)
      writeFileWhole(file, text)
      written = text
    } catch (error) {
      onFault(error)
    }
  }

  return {
    begin() {
      if (hasBegun) return
      hasBegun = true
      const found = readRegularFile(file, MAX_BYTES)
      if (found.kind === 'text' && !found.isCut) log.restore(found.text)
    },
    take(scan) {
      if (!hasBegun) return
      log.take(scan)
      if (clock.monotonic() - writtenAtMs >= WRITE_EVERY_MS) write()
    },
    week: () => log.read(clock.wall()),
    close() {
      if (hasBegun) write()
    },
  }
}
