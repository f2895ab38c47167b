// Copies of files that are about to be changed, so that the user can restore them.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { secureFolder } from './secure-folder.ts'
import { writeFileWhole } from './write-file.ts'

const KEPT = 20

/** Writes a copy into `<folder>/backups`, readable by this user alone, and keeps the newest twenty. Returns its path. */
export function writeBackup(folder: string, name: string, text: string, nowMs: number): string {
  const backups = join(folder, 'backups')
  secureFolder(folder)
  secureFolder(backups)
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  const file = join(backups, `${name}.${stamp}`)
  writeFileWhole(file, text)
  const old = readdirSync(backups)
    .filter((other) => other.startsWith(`${name}.`))
    .sort()
    .slice(0, -KEPT)
  for (const other of old) rmSync(join(backups, other), { force: true })
  return file
}
