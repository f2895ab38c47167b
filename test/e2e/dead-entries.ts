// Entries of processes that are gone, as many as one likes: sixty programs would take a minute to start.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The process ids begin here. */
export const FIRST_DEAD = 4_190_000

/** `p1` to `pN`, oldest first. */
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
