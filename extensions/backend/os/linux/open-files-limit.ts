// How many files and connections this process may have open at once.
import { readFileSync } from 'node:fs'

/**
 * Returns the limit of open files; null: unlimited, or not readable on this platform. Node itself raises it to the hard limit when it
 * starts.
 */
export function openFilesLimit(file = '/proc/self/limits'): number | null {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'latin1'))
    return found ? Number(found[1]) : null
  } catch {
    // Another platform.
    return null
  }
}
