import { readdirSync } from 'node:fs'

/** Returns the names in a folder; none if it does not exist or cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Most folders that are searched do not exist.
    return []
  }
}
