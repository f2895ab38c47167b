// A finding from what a rule has seen: its stable id, evidence with file and line, and the fix. Pure.
import { createHash } from 'node:crypto'
import type { Severity } from '#contract/doctor'
import { maskText } from '../lib/mask-text.ts'
import type { Diagnosis, FileFix } from './diagnosis.ts'
import type { EntryFact } from './facts.ts'

interface Seen {
  kind: string
  severity: Severity
  /** One sentence. */
  title: string
  why: string
  /** What to do; it becomes the fix if there are changes, else a part of `why`. */
  advice: string
  evidence?: readonly string[]
  changes?: readonly FileFix[]
}

/** A finding that no single entry of a client causes. `key` makes its id stable. */
export interface GeneralSeen extends Seen {
  key: string
  file?: string | null
  line?: number | null
  client?: string | null
}

/** Returns the finding about one entry. `value`: the word in the file that is wrong; its line becomes evidence. */
export function entryDiagnosis(fact: EntryFact, seen: Seen & { value?: string }): Diagnosis {
  const { entry } = fact
  const at = lineOf(fact, seen.value)
  return diagnosisOf(seen, {
    id: [seen.kind, entry.client, hashOf(entry.file, entry.path), slug(entry.name)].join(':'),
    client: entry.client,
    file: entry.file,
    line: entry.line,
    evidence: [placeText(fact, at), ...(seen.evidence ?? [])],
  })
}

/** Returns the finding about a file, a version or a process. */
export function generalDiagnosis(seen: GeneralSeen): Diagnosis {
  const client = seen.client ?? null
  return diagnosisOf(seen, {
    id: [seen.kind, client ?? 'serena', hashOf(seen.file ?? '', [seen.key]), slug(seen.key)].join(':'),
    client,
    file: seen.file ?? null,
    line: seen.line ?? null,
    evidence: [...(seen.evidence ?? [])],
  })
}

function diagnosisOf(
  { kind, severity, title, why, advice, changes = [] }: Seen,
  rest: Pick<Diagnosis, 'id' | 'client' | 'file' | 'line' | 'evidence'>,
): Diagnosis {
  const isFixable = changes.some((one) => one.changes.length > 0)
  return {
    ...rest,
    kind,
    severity,
    title: maskText(title),
    why: isFixable ? why : `${why} ${advice}`,
    fix: isFixable ? advice : null,
    changes: isFixable ? changes : [],
  }
}

/** Returns `FILE:LINE: the text of the line`, without secrets. */
export function placeText({ file, entry }: EntryFact, line = entry.line): string {
  const text = file.text.split(/\r?\n/)[line - 1]?.trim() ?? ''
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return `${entry.file}:${line}${shown === '' ? '' : `: ${maskText(shown)}`}`
}

const MAX_SHOWN = 120

/** The line below the entry's own that has the word; the entry's own if it is not found. */
function lineOf({ file, entry }: EntryFact, value: string | undefined): number {
  if (value === undefined || value === '') return entry.line
  const lines = file.text.split(/\r?\n/)
  const wanted = [value, JSON.stringify(value).slice(1, -1)]
  const found = lines.findIndex(
    (line, at) => at >= entry.line - 1 && wanted.some((one) => line.includes(one)),
  )
  return found < 0 ? entry.line : found + 1
}

const hashOf = (file: string, path: readonly (string | number)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([file, ...path]))
    .digest('hex')
    .slice(0, 8)

const slug = (name: string): string => name.replace(/[^\w.-]+/g, '_').slice(0, 40)
