// Whether a file that another program is about to write is really inside its folder.
import { lstatSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { realPath } from './real-path.ts'

/** Returns true if a link on the way from the folder to the file leads out of it. A path that does not exist leads nowhere. */
export function leadsOutside(folder: string, parts: readonly string[]): boolean {
  let path = folder
  for (const part of parts) {
    path = join(path, part)
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
    if (!isLink) continue
    try {
      if (!`${realPath(path)}${sep}`.startsWith(`${realPath(folder)}${sep}`)) return true
    } catch {
      // A dangling link: writing through it would make a file wherever it points.
      return true
    }
  }
  return false
}

/** Returns true if a file, its links resolved, is not below the folder, which may itself be reached by a link. */
export function isOutside(folder: string, target: string): boolean {
  const path = relative(resolved(folder), target)
  // Absolute: it is on another drive of Windows.
  return path === '' || path.split(sep)[0] === '..' || isAbsolute(path)
}

function resolved(folder: string): string {
  try {
    return realPath(folder)
  } catch {
    // It does not exist: its path is all there is.
    return folder
  }
}
