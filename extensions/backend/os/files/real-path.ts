// The path of a file without links, as the system itself writes it.
import { realpathSync } from 'node:fs'

/**
 * Returns the real path; throws if there is no such file. Windows and macOS know names in any case: only their own call gives the case of
 * the disk, so that one folder has one path. Node's implementation keeps the case that it is given.
 */
export const realPath = (path: string): string => realpathSync.native(path)
