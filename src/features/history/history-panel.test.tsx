import { afterEach, expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { instance as makeInstance } from '#contract/instance.fixture'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { HistoryPanel } from './history-panel.tsx'

const one = makeInstance(7)
const record: HistoryRecord = {
  schema: 1,
  at: '2026-11-23T11:00:00.000Z',
  event: 'ended',
  id: one.id,
  pid: 7,
  startedAt: null,
  title: '7 - shop',
  project: null,
  owner: null,
  state: 'orphaned',
  why: ['Its client has exited.'],
  by: 'page',
  how: 'terminate',
  processes: 2,
  freedBytes: null,
  launch: 'cd /shop && serena',
}
let page: TestPage
afterEach(() => page.dispose())

const show = (records: HistoryRecord[], hasMore = false): TestPage =>
  renderPage(() => <HistoryPanel about={null} changes="" />, {
    answers: { history: () => ({ schema: 1, records, hasMore }) },
    instances: [one],
  })

test('lists events with their reason, opens the instance and copies its launch command', async () => {
  page = show([record])
  await page.see('ended on the page')
  expect(page.text()).toContain('SIGTERM, 2 processes. Its client has exited.')
  page.click('7 - shop')
  page.click('Copy the launch command of 7 - shop')
  expect([page.selected, page.copied]).toEqual([[one.id], ['cd /shop && serena']])
})

test('loads older records on request and saves all as JSON lines', async () => {
  page = show([record], true)
  await page.see('Show older events')
  page.click('Show older events')
  await expect.poll(() => page.calls.at(-1)?.query).toEqual({ limit: '200' })
  page.click('Save as JSON lines')
  await expect.poll(() => page.saved[0]?.fileName).toBe('serena-history-2026-11-23.jsonl')
  expect(page.saved[0]?.text).toBe(`${JSON.stringify(record)}\n`)
})

test('shows a message if there are no events', async () => {
  page = show([])
  await page.see('No events have been recorded yet.')
})
