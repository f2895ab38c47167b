// The sessions of HTTP clients on disk (mode 0600): clients do not initialize again when a session is unknown, so a hub continues those
// of the hub before it.
import { join } from 'node:path'
import { isFields } from '../../lib/fields.ts'
import { readRegularFile } from '../../os/files/read-file.ts'
import { writeFileWhole } from '../../os/files/write-file.ts'

export interface StoredSession {
  id: string
  /** As in the URL. */
  project: string
  context: string | null
  /** The client's request, one line of JSON. */
  initialize: string
  /** The tool calls that changed project and modes, by tool: they are repeated. */
  replay: Readonly<Record<string, string>>
  usedAtMs: number
  /** Ended by its client, or detached. */
  isEnded: boolean
}

const FILE = 'http-sessions.json'
const MAX_BYTES = 16 * 1024 * 1024
const MOST = 500
/** A client may sleep over a weekend. */
const KEPT_MS = 7 * 24 * 3_600_000
/** A larger `initialize` is not kept: the session then continues with an empty one. */
const MAX_LINE = 64 * 1024

export interface SessionStore {
  get(id: string): StoredSession | null
  put(session: StoredSession): void
}

/** Creates the store in a private folder. */
export function createSessionStore(
  folder: string,
  nowMs: () => number,
  onFault: (error: unknown) => void,
): SessionStore {
  const file = join(folder, FILE)
  const sessions = new Map(read(file).map((session) => [session.id, session]))

  function write(): void {
    const oldest = nowMs() - KEPT_MS
    for (const { id, usedAtMs } of sessions.values()) if (usedAtMs < oldest) sessions.delete(id)
    for (const id of [...sessions.keys()].slice(0, -MOST)) sessions.delete(id)
    try {
      writeFileWhole(file, JSON.stringify([...sessions.values()]))
    } catch (error) {
      onFault(error)
    }
  }

  return {
    get: (id) => sessions.get(id) ?? null,
    put(session) {
      // The newest is the last one.
      sessions.delete(session.id)
      sessions.set(
        session.id,
        session.initialize.length <= MAX_LINE ? session : { ...session, initialize: '' },
      )
      write()
    },
  }
}

function read(file: string): readonly StoredSession[] {
  const found = readRegularFile(file, MAX_BYTES)
  if (found.kind !== 'text' || found.isCut) return []
  try {
    const value: unknown = JSON.parse(found.text)
    return Array.isArray(value) ? value.filter(isStored) : []
  } catch {
    // Damaged: as if there were none.
    return []
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isStored = (value: unknown): value is StoredSession =>
  isFields(value) &&
  [value['id'], value['project'], value['initialize']].every(isText) &&
  (value['context'] === null || isText(value['context'])) &&
  isFields(value['replay']) &&
  Object.values(value['replay']).every(isText) &&
  typeof value['usedAtMs'] === 'number' &&
  typeof value['isEnded'] === 'boolean'
