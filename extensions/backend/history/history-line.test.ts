// Lines on disk outlive the versions of the documents: lines of earlier releases are read as they were written.
import { expect, it } from 'vitest'
import { historyLines } from '#contract/history'
import { parseLines } from './history-line.ts'

/** As written by the first release, before `failure` and `attempts` existed. */
const OLD =
  '{"schema":1,"at":"2026-03-07T12:00:00.000Z","event":"ended","id":"7-000000000000","pid":7,"startedAt":null,"title":"7 - shop","project":{"name":"shop","path":null},"owner":null,"state":"orphaned","why":["It is orphaned."],"by":"page","how":"terminate","processes":3,"freedBytes":500,"launch":"uvx serena"}'

it('reads a line of the first release, and writes it back as it was', () => {
  const records = parseLines([OLD])
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({ event: 'ended', pid: 7, how: 'terminate', launch: 'uvx serena' })
  expect(historyLines(records)).toBe(`${OLD}\n`)
})

it.each([
  ['a newer version', OLD.replace('"schema":1', '"schema":2')],
  ['no version', OLD.replace('"schema":1,', '')],
  ['a torn line', OLD.slice(0, 80)],
  ['another document', '[]'],
  ['an empty line', ''],
])('leaves out %s', (_, line) => {
  expect(parseLines([line, OLD, line])).toHaveLength(1)
})
