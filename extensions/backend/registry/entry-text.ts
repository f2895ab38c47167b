// Parses our own entries. Pure.
import * as z from 'zod/mini'
import { type OwnEntry, ownEntrySchema } from '#contract/registry'
import { jsonOfFile } from '../lib/json-value.ts'

export type EntryText = { kind: 'entry'; entry: OwnEntry } | { kind: 'newer' } | { kind: 'broken' }

/** Parses one of our files; `newer`: a later version of Serena Deck wrote it, so it must not be rewritten. */
export function readEntryText(text: string): EntryText {
  const value = jsonOfFile(text)
  const parsed = z.safeParse(ownEntrySchema, value)
  if (parsed.success) return { kind: 'entry', entry: parsed.data }
  const { success, data } = z.safeParse(z.looseObject({ schema: z.number() }), value)
  return success && data.schema > 1 ? { kind: 'newer' } : { kind: 'broken' }
}
