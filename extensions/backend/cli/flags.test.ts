// Values of flags that have a grammar of their own.
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { parseFlags, parseSpan, switchFlag } from './flags.ts'

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['30min', 1_800_000],
  ['5h', 18_000_000],
  ['5 h', 18_000_000],
  ['2d', 172_800_000],
])('%s is a span', (text, spanMs) => {
  expect(parseSpan('--unused-for', text)).toBe(spanMs)
})

test.each(['', '0h', '5', '-5h', '5w', '1e3h', '5h30m', 'h', '1234567d', '5.5h'])('rejects %j', (text) => {
  expect(() => parseSpan('--unused-for', text)).toThrow('--unused-for takes a time span with a unit')
})

test.each([[['a', 'b']], ['yes'], [{ x: true }], [1]])('names the option whose value is %j', (value) => {
  expect(() => parseFlags(z.object({ dryRun: switchFlag }), { dryRun: value })).toThrow(
    '--dry-run has an invalid value.',
  )
})
