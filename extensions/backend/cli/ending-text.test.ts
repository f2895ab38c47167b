// The plan of an ending in a terminal, before anything is done.
import { expect, test } from 'vitest'
import { ENDING_WAYS, type EndingPlanItem } from '#contract/ending'
import { unknownClientText } from './client-text.ts'
import { planText } from './ending-text.ts'

const item = (change: Partial<EndingPlanItem> = {}): EndingPlanItem => ({
  id: '1-000000000000',
  title: '1 - shop',
  why: ['It answers.'],
  how: 'shutdown',
  processes: 2,
  memoryBytes: 94e6,
  checked: true,
  refusal: null,
  ...change,
})
const textOf = (items: readonly EndingPlanItem[], options: Parameters<typeof planText>[1]): string =>
  planText({ schema: 1, plan: [...items] }, options)

test.each(ENDING_WAYS)('a dry run says what would be done: %s', (how) => {
  const text = textOf([item({ how })], { isDryRun: true })
  expect(text).toContain(' would be ')
  expect(text).not.toMatch(/ will be | is | was |told/)
  expect(text).toMatch(/\nDry run: 1 instance would be ended\.\n$/)
  expect(textOf([item({ how })], {})).toMatch(/ will be /)
})

test('lists a skipped instance with its reason and does not count it', () => {
  const hung = item({ checked: false })
  const refused = item({ checked: false, refusal: 'It is not yours.' })
  const text = textOf([hung, refused], { isDryRun: true })
  expect(text).toBe(
    [
      '? 1 - shop: would be skipped: it is hung, but its client may be running; --include-hung also ends it',
      '    It answers.',
      '- 1 - shop: would be skipped: It is not yours.',
      'Dry run: 0 instances would be ended.',
      '',
    ].join('\n'),
  )
  expect(textOf([hung, refused], { isDryRun: true, isNamed: true })).toContain(
    '✕ 1 - shop: would be asked to shut down, 2 processes, 94 MB',
  )
})

test('says what happens to other programs in its tree', () => {
  const withIde = item({ leftRunning: [{ pid: 7, name: 'idea64' }] })
  expect(textOf([withIde], { isDryRun: true })).toContain('    would be left running: idea64 (process 7)')
  expect(textOf([withIde], { includesChildren: true })).toContain(
    '    will be also ended: idea64 (process 7)',
  )
})

test('a client that is not visible may be running, unless the instance is a zombie', () => {
  const live = { owner: null, state: 'live', colour: 'green' } as const
  expect(unknownClientText(live)).toMatch(/may be running/)
  expect(unknownClientText({ ...live, state: 'hung', colour: 'red' })).toMatch(/may be running/)
  expect(unknownClientText({ ...live, state: 'orphaned', colour: 'red' })).toBe(null)
  expect(unknownClientText({ ...live, clients: [] })).toBe(null)
  expect(unknownClientText({ ...live, owner: { pid: 1, name: 'x', detail: null } })).toBe(null)
})
