// Writes registry entries of exited processes: starting sixty programs would take a minute.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first process id. */
export const FIRST_DEAD = 4_190_000

/** Writes the entries `p1` to `pN`, oldest first. */
export function writeDeadEntries(serenaHome: string, count: number): void {
  const folder = join(serenaHome, 'instances.d')
  mkdirSync(folder, { recursive: true })
  for (let at = 1; at <= count; at += 1) {
    const pid = FIRST_DEAD + at
    const entry = {
      schema: 1,
      pid,
      startedAt: at,
      identity: `boot:${pid}:1`,
      pidNamespace: null,
      port: 24_299,
    }
    const more = { project: { name: `p${at}`, path: null }, context: null, modes: [], updatedAt: 1 }
    writeFileSync(join(folder, `${pid}-1.json`), JSON.stringify({ ...entry, ...more }))
  }
}
