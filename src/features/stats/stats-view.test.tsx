import { afterEach, expect, test } from 'vitest'
import { instance as makeInstance } from '#contract/instance.fixture'
import { CallError } from '../../client/call-error.ts'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { AllStatsView } from './all-stats-view.tsx'
// Loaded before the tests: each waits only for the answers.
import './stats-pictures.tsx'
import { StatsView } from './stats-view.tsx'

const tools = [
  { tool: 'read_file', calls: 1, inputTokens: 10, outputTokens: 1_000 },
  { tool: 'find_symbol', calls: 4, inputTokens: 20, outputTokens: 200 },
]
const available = (estimator: string | null) => ({ isAvailable: true, data: { estimator, tools } })
let page: TestPage
afterEach(() => page.dispose())
const bars = (): (string | null)[] =>
  [...document.querySelectorAll('[role=listitem]')].map((bar) => bar.getAttribute('aria-label'))
const rows = (): string[] =>
  [...document.querySelectorAll('tbody tr, tfoot tr')].map((row) =>
    [...row.querySelectorAll('th, td')]
      .map((cell) => cell.textContent)
      .join(' ')
      .trim(),
  )

test('shows calls and tokens per tool, most called first, with totals', async () => {
  page = renderPage(() => <StatsView instance={makeInstance(1)} />, {
    answers: { stats: () => available('tiktoken') },
  })
  await page.see('find_symbol')
  expect(page.text()).toContain('5 calls · 30 tokens in · 1.2K out')
  expect(bars()).toEqual([
    'find_symbol: 4 calls (80 %), 20 tokens in, 200 out',
    'read_file: 1 call (20 %), 10 tokens in, 1,000 out',
  ])
  page.click('Tokens')
  expect(bars()[0]).toContain('read_file')
  page.click('Table')
  expect(rows()).toEqual([
    'read_file 1 20 % 10 1,000 82 %',
    'find_symbol 4 80 % 20 200 18 %',
    'Total 5  30 1,200',
  ])
  expect(page.text()).toContain('Tokens are estimated with tiktoken.')
})

test('asks before it clears the statistics', async () => {
  page = renderPage(() => <StatsView instance={makeInstance(2)} />, {
    answers: { stats: () => available(null), clearStats: () => ({}) },
  })
  await page.see('find_symbol')
  page.click('Clear …')
  expect(page.calls.map(({ name }) => name)).not.toContain('clearStats')
  const [dialog] = page.opened
  if (dialog?.kind !== 'confirm') throw new Error('no confirmation')
  await dialog.run()
  expect(page.calls.some(({ name }) => name === 'clearStats')).toBe(true)
  expect(page.announced).toEqual(['Cleared the statistics.'])
})

test('shows the first Serena version with statistics', async () => {
  const why = 'This version of Serena has no statistics.'
  page = renderPage(() => <StatsView instance={makeInstance(3)} />, {
    answers: { stats: () => ({ isAvailable: false, since: '1.0.0', why }) },
  })
  await page.see(`No statistics available. ${why} Available since Serena 1.0.0.`)
})

test('sums the instances that answer', async () => {
  const instances = [makeInstance(1), makeInstance(2), makeInstance(3, { state: 'hung' })]
  page = renderPage(() => <AllStatsView instances={instances} />, {
    answers: {
      stats: ({ params }) =>
        params?.['id'] === instances[1]?.id ? new CallError('x', 'x', 'x') : available(null),
    },
  })
  await page.see('Includes 1 of 3 instances.')
  await page.see('5 calls · 30 tokens in · 1.2K out')
})

test('shows the others while one instance does not answer', async () => {
  const instances = [makeInstance(1), makeInstance(2)]
  page = renderPage(() => <AllStatsView instances={instances} />, {
    answers: {
      stats: ({ params }) =>
        params?.['id'] === instances[1]?.id ? new Promise(() => undefined) : available(null),
    },
  })
  await page.see('Includes 1 of 2 instances.')
})

test('shows twelve tools, and the others on request', async () => {
  const many = Array.from({ length: 14 }, (_, at) => ({
    tool: `t${at}`,
    calls: 20 - at,
    inputTokens: 0,
    outputTokens: 0,
  }))
  page = renderPage(() => <StatsView instance={makeInstance(4)} />, {
    answers: { stats: () => ({ isAvailable: true, data: { estimator: null, tools: many } }) },
  })
  await page.see('Show 2 more')
  expect(bars()).toHaveLength(12)
  page.click('Show 2 more')
  expect(bars()).toHaveLength(14)
})
