// The text of a registry file -> its entries, and its problems. An invalid entry does not affect the others. Pure.

import * as z from 'zod/mini'
import { foreignEntrySchema, ownEntrySchema, shapeCSchema } from '#contract/registry'
import { countOf } from '#contract/units'
import { isFields } from '../lib/fields.ts'
import { jsonOfFile } from '../lib/json-value.ts'
import type { RegistryEntry, RegistryReading } from './registry-entry.ts'

interface Place {
  file: string
  serenaHome: string
}

/** Parses one file of `instances.d/`. */
export function parseOwnEntry(text: string, place: Place): RegistryReading {
  const value = jsonOfFile(text)
  const parsed = z.safeParse(ownEntrySchema, value)
  if (!parsed.success) return problem(place, whyNoEntry(value))
  const { pid, startedAt, identity, pidNamespace, port, project, context, modes, updatedAt, flags, origin } =
    parsed.data
  const entry: RegistryEntry = {
    ...place,
    shape: 'own',
    pid,
    port,
    startedAtMs: startedAt,
    identity,
    pidNamespace,
    projectName: project?.name ?? null,
    projectRoot: project?.path ?? null,
    context,
    modes,
    lastSeenAtMs: updatedAt,
    flags: flags ?? null,
    ...(origin === 'wrap' && { isDerived: true }),
  }
  return { entries: [entry], problems: [] }
}

function whyNoEntry(value: unknown): string {
  if (value === undefined) return 'is not JSON'
  const isNewer = isFields(value) && typeof value['schema'] === 'number' && value['schema'] > 1
  return isNewer
    ? 'was written by a newer version of Serena Deck and is ignored'
    : 'is not an entry of Serena Deck'
}

/** Parses `instances.json` in any of its foreign shapes. */
export function parseForeignRegistry(text: string, place: Place): RegistryReading {
  if (text.trim() === '') return problem(place, 'is empty')
  const value = jsonOfFile(text)
  if (value === undefined) return problem(place, 'is not JSON')
  const { shape, rows } = rowsOf(value)
  if (!rows) return problem(place, 'has an unknown format')
  const readings = rows.slice(0, MAX_ROWS).map(([key, row]) => parseRow(shape, key, row, place))
  const problems = readings.flatMap((reading) => reading.problems)
  return {
    entries: readings.flatMap(({ entries }) => entries),
    problems: [
      ...problems.slice(0, MAX_NAMED),
      ...more(problems.length - MAX_NAMED, ['more such entry', 'more such entries'], place),
      ...more(
        rows.length - MAX_ROWS,
        ['more entry than can be shown', 'more entries than can be shown'],
        place,
      ),
    ],
  }
}

/** More than run on any machine: a larger file must not fill the page. */
const MAX_ROWS = 1_000
const MAX_NAMED = 5
const MAX_KEY = 60
/** The limits of our own entries: all of it is sent to every page. */
const MAX_NAME = 256
const MAX_PATH = 4_096
const MAX_MODES = 64
const cut = (text: string | null, length: number): string | null => text && text.slice(0, length)

function more(
  count: number,
  [one, many]: readonly [string, string],
  place: Place,
): RegistryReading['problems'] {
  return count > 0 ? problem(place, `has ${countOf(count, one, many)}`).problems : []
}

type Rows = readonly (readonly [key: string, row: unknown])[]

function rowsOf(value: unknown): { shape: RegistryEntry['shape']; rows: Rows | null } {
  const withEvents = z.safeParse(shapeCSchema, value)
  if (withEvents.success) return { shape: 'c', rows: Object.entries(withEvents.data.instances) }
  if (Array.isArray(value)) {
    const rows = value.map((row: unknown, i) => [`entry ${i + 1}`, row] as const)
    return { shape: rows.some(([, row]) => isFields(row) && 'last_heartbeat' in row) ? 'b' : 'a', rows }
  }
  if (!isFields(value)) return { shape: 'a', rows: null }
  // Shape c without its events is shape c too.
  const inner = value['instances']
  return isFields(inner)
    ? { shape: 'c', rows: Object.entries(inner) }
    : { shape: 'a', rows: Object.entries(value) }
}

function parseRow(shape: RegistryEntry['shape'], key: string, row: unknown, place: Place): RegistryReading {
  const parsed = z.safeParse(foreignEntrySchema, row)
  if (!parsed.success) return problem(place, `has an invalid instance under "${shortKey(key)}"`)
  const entry = parsed.data
  return {
    entries: [
      {
        ...place,
        shape,
        pid: entry.pid,
        port: entry.port,
        startedAtMs: toEpochMs(entry.started_at),
        identity: null,
        pidNamespace: null,
        projectName: cut(entry.project_name, MAX_NAME),
        projectRoot: cut(entry.project_root, MAX_PATH),
        context: cut(entry.context, MAX_NAME),
        modes: entry.modes.slice(0, MAX_MODES).map((mode) => mode.slice(0, MAX_NAME)),
        lastSeenAtMs: toEpochMs(entry.last_seen ?? entry.last_heartbeat),
      },
    ],
    problems: [],
  }
}

const shortKey = (key: string): string => (key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key)

/** Parses seconds (milliseconds, if too large for seconds) since the epoch, or a date as text. */
function toEpochMs(time: number | string | null): number | null {
  if (time === null) return null
  const ms = typeof time === 'string' ? Date.parse(time) : time > 1e11 ? time : time * 1000
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? Math.round(ms) : null
}

function problem({ file }: Place, what: string): RegistryReading {
  return { entries: [], problems: [{ file, text: `${file} ${what}. Other entries are not affected.` }] }
}
