// `history [TARGET]`: what happened to instances, from the running backend or from its file.
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { type History, type HistoryRecord, historyLines } from '#contract/history'
import { type DeckSource } from '../access/deck-source.ts'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { countFlag, parseFlags, switchFlag } from './flags.ts'
import { historyText } from './history-text.ts'

const flagsSchema = z.object({ json: switchFlag, jsonLines: switchFlag, lines: countFlag('-n') })
const DEFAULT_LINES = 100

/** Prints the newest records, oldest first; AppError `instance-not-found` when TARGET is in none of them. */
export async function runHistory(
  target: string | undefined,
  flags: unknown,
  terminal: Terminal,
): Promise<void> {
  const { json, jsonLines, lines = DEFAULT_LINES } = parseFlags(flagsSchema, flags)
  if (json && jsonLines)
    throw new AppError('wrong-use', { issue: '--json cannot be combined with --json-lines.' })
  await withSource(terminal, async (source) => {
    const history =
      target === undefined
        ? await source.history({ about: null, limit: lines })
        : await historyOf(target, lines, source, terminal)
    if (json) terminal.write(`${JSON.stringify(history, null, 2)}\n`)
    else terminal.write(jsonLines ? historyLines(history.records) : historyText(history.records))
  })
}

/** More than the files hold. */
const ALL = 10_000

async function historyOf(
  target: string,
  limit: number,
  source: DeckSource,
  terminal: Terminal,
): Promise<History> {
  // Records contain no port: only a running instance has one.
  if (target.startsWith('port:')) {
    const { id } = await findInstance(source, target, terminal)
    return source.history({ about: id, limit })
  }
  const all = await source.history({ about: null, limit: ALL })
  const records = all.records.filter(isOf(target, terminal.cwd))
  if (records.length === 0) {
    // A launcher's pid, or an instance that no backend has recorded yet.
    const { id } = await findInstance(source, target, terminal)
    return source.history({ about: id, limit })
  }
  return { ...all, records: records.slice(-limit), hasMore: records.length > limit }
}

/** A pid, a project's name or path, or an instance's id. A pid may have belonged to several instances, one after another. */
function isOf(target: string, cwd: string): (record: HistoryRecord) => boolean {
  const pid = Number(/^(?:pid:)?([1-9]\d*)$/.exec(target)?.[1] ?? Number.NaN)
  const path = resolve(cwd, target)
  return (record) =>
    record.pid === pid ||
    record.id === target ||
    record.project?.name === target ||
    record.project?.path === path
}
