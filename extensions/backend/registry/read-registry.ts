// Reads the registry files of every known SERENA_HOME: only after a change, and never through a link.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../os/files/read-file.ts'
import { parseForeignRegistry, parseOwnEntry } from './parse-registry.ts'
import { readRecord, recordFileOf } from './publish-record.ts'
import type { RegistryEntry, RegistryReading } from './registry-entry.ts'
import { isOurs } from './view.ts'

const MAX_BYTES = 8 * 1024 * 1024
const MAX_OWN_FILES = 2_000
/** An entry has a few hundred bytes, and all files are read at every scan. */
const MAX_OWN_BYTES = 64 * 1024
const NOTHING: RegistryReading = { entries: [], problems: [] }

export interface RegistryReader {
  read(serenaHomes: readonly string[]): Promise<RegistryReading>
}

type Parsed = Map<string, { stamp: string; reading: RegistryReading }>

/** Returns a reader that caches what it has parsed, while the file exists. */
export function createRegistryReader(): RegistryReader {
  let parsed: Parsed = new Map()
  let parsedBefore: Parsed = new Map()

  function readFile(
    file: string,
    maxBytes: number,
    parse: (text: string) => RegistryReading,
  ): RegistryReading {
    const read = readRegularFile(file, maxBytes)
    if (read.kind === 'missing') return NOTHING
    if (read.kind === 'refused')
      return { entries: [], problems: [{ file, text: `${file} is ignored: ${read.why}.` }] }
    if (read.isCut)
      return {
        entries: [],
        problems: [{ file, text: `${file} is ignored: it is larger than ${maxBytes / 1024} KiB.` }],
      }
    const before = parsedBefore.get(file)
    const reading = before?.stamp === read.stamp ? before.reading : parse(read.text)
    parsed.set(file, { stamp: read.stamp, reading })
    return reading
  }

  return {
    read(serenaHomes) {
      parsedBefore = parsed
      parsed = new Map()
      const readings = serenaHomes.flatMap((serenaHome) => {
        const shared = join(serenaHome, 'instances.json')
        const own = ownFiles(join(serenaHome, 'instances.d'))
        return [
          withoutPublished(
            serenaHome,
            readFile(shared, MAX_BYTES, (text) => parseForeignRegistry(text, { file: shared, serenaHome })),
          ),
          ...own.map((file) =>
            readFile(file, MAX_OWN_BYTES, (text) => parseOwnEntry(text, { file, serenaHome })),
          ),
        ]
      })
      return Promise.resolve({
        entries: onePerProcess(readings.flatMap(({ entries }) => entries)),
        problems: readings.flatMap(({ problems }) => problems),
      })
    },
  }
}

/** Removes the entries that we published ourselves: they carry no information. */
function withoutPublished(serenaHome: string, reading: RegistryReading): RegistryReading {
  if (reading.entries.length === 0) return reading
  const record = readRecord(recordFileOf(serenaHome))
  const isForeign = ({ pid, startedAtMs }: RegistryEntry): boolean =>
    startedAtMs === null || !isOurs(record, { pid, started_at: startedAtMs / 1000 })
  return { ...reading, entries: reading.entries.filter(isForeign) }
}

function ownFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    return names.slice(0, MAX_OWN_FILES).map((name) => join(folder, name))
  } catch {
    // No such folder: no process has registered there.
    return []
  }
}

/** Keeps one entry of a process that is in several files of one home: our own entry, which has more facts. */
function onePerProcess(entries: readonly RegistryEntry[]): RegistryEntry[] {
  const kept = new Map<number, RegistryEntry[]>()
  const ownFirst = [...entries].sort((a, b) => Number(b.shape === 'own') - Number(a.shape === 'own'))
  for (const entry of ownFirst) {
    const ofPid = kept.get(entry.pid) ?? []
    if (!ofPid.some((one) => isSameProcess(one, entry))) kept.set(entry.pid, [...ofPid, entry])
  }
  return [...kept.values()].flat()
}

/** A foreign time is that of the registration, a little after the start. */
const REGISTRATION_MS = 60_000

function isSameProcess(one: RegistryEntry, other: RegistryEntry): boolean {
  if (one.pid !== other.pid || one.serenaHome !== other.serenaHome) return false
  if (one.startedAtMs === null || other.startedAtMs === null) return one.startedAtMs === other.startedAtMs
  const tolerance = one.shape === other.shape ? 0 : REGISTRATION_MS
  return Math.abs(one.startedAtMs - other.startedAtMs) <= tolerance
}
