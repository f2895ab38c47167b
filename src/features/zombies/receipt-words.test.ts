import { expect, test } from 'vitest'
import type { Receipt } from '#contract/ending'
import { doneText, launchText, mergeReceipts, receiptText } from './receipt-words.ts'

const EMPTY: Receipt = { schema: 1, ended: [], refused: [], survivors: [] }
const one = { id: 'a', title: 'a', processes: 1, launch: null }

test('counts ended instances and removed entries', () => {
  const done = (...ways: ('force' | 'entry-removed')[]): string =>
    doneText({
      ...EMPTY,
      ended: ways.map((how) => ({ ...one, how, freedBytes: how === 'force' ? 2_000_000 : 0 })),
    })
  expect(done('force', 'force')).toBe('Ended 2 instances, freed 4 MB.')
  expect(done('entry-removed')).toBe('Removed 1 entry.')
  expect(done('force', 'entry-removed')).toBe('Ended 1 instance, freed 2 MB. Removed 1 entry.')
  expect(done()).toBe('Ended 0 instances, freed 0 MB.')
})

test('writes the receipt as text, with launch commands and survivors', () => {
  const text = receiptText({
    ...EMPTY,
    ended: [
      { id: 'a', title: '1 - shop', how: 'force', processes: 4, freedBytes: 2_000_000, launch: null },
      {
        id: 'c',
        title: '2 - web',
        how: 'shutdown',
        processes: 1,
        freedBytes: 0,
        launch: 'cd /web && serena',
      },
    ],
    refused: [{ id: 'b', why: 'It answers again.' }],
    survivors: [{ pid: 7, why: 'state D' }],
  })
  expect(text.split('\n')).toEqual([
    'Ended 2 instances, freed 2 MB.',
    '  1 - shop: SIGKILL, 4 processes',
    '  2 - web: graceful shutdown, 1 process',
    '    started with: cd /web && serena',
    '  not ended: b: It answers again.',
    '  still running: process 7: state D',
  ])
})

test('merges the receipts of several requests', () => {
  const receipt = (pid: number): Receipt => ({
    ...EMPTY,
    refused: [{ id: `${pid}`, why: 'x' }],
    survivors: [{ pid, why: 'y' }],
    leftRunning: [{ id: 'a', pid, name: 'idea64' }],
  })
  const merged = mergeReceipts([receipt(1), receipt(2)])
  expect(merged.refused.map(({ id }) => id)).toEqual(['1', '2'])
  expect(merged.survivors.map(({ pid }) => pid)).toEqual([1, 2])
  expect(receiptText(merged)).toContain('left running: idea64 (process 1), idea64 (process 2)')
})

test('lists launch commands that still work', () => {
  const ended = (launch: string | null, launchProblem: string | null) => ({
    ...one,
    how: 'force' as const,
    freedBytes: 0,
    launch,
    launchProblem,
  })
  const receipt = {
    ...EMPTY,
    ended: [ended('a', null), ended(null, null), ended('b', 'Its program was removed.'), ended('c', null)],
  }
  expect(launchText(receipt)).toBe('a\nc')
})
