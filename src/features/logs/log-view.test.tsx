import { afterEach, expect, test } from 'vitest'
import { instance as makeInstance } from '#contract/instance.fixture'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { LogRow } from './log-row.tsx'
import { LogView } from './log-view.tsx'

let page: TestPage
afterEach(() => page.dispose())

const lines = ['INFO started', 'ERROR failed', 'INFO find_symbol']
const pageOf = (all: string[]) => ({
  isAvailable: true,
  data: { from: 0, next: all.length, isReset: false, missed: 0, lines: all },
})
const show = (answers: Answers): TestPage =>
  renderPage(() => <LogView instance={makeInstance(9)} />, { answers })

test('copies and saves the lines of the selected level', async () => {
  page = show({ logs: () => pageOf(lines) })
  await page.see('3 lines')
  const level = page.get<HTMLSelectElement>('Minimum level')
  level.value = 'ERROR'
  level.dispatchEvent(new Event('change', { bubbles: true }))
  await page.see('1 of 3 lines')
  page.click('Copy')
  page.click('Save')
  expect(page.copied).toEqual(['ERROR failed'])
  expect(page.saved).toEqual([{ fileName: 'serena-9.log', text: 'ERROR failed\n' }])
})

test('explains why no line is shown', async () => {
  page = show({ logs: () => pageOf([]) })
  expect(page.text()).not.toContain('No lines yet.')
  await page.see('No lines yet.')
  page.dispose()
  page = show({ logs: () => pageOf(lines) })
  await page.see('3 lines')
  page.type('Search the log', 'nothing like this')
  await page.see('No lines match the filter.')
  expect(page.get<HTMLButtonElement>('Copy').disabled).toBe(true)
})

test('counts lines that are no longer in memory, and explains a missing log', async () => {
  const dropped = pageOf(lines)
  page = show({ logs: () => ({ ...dropped, data: { ...dropped.data, missed: 2 } }) })
  await page.see('Not in memory: 2 earlier lines.')
  page.dispose()
  page = show({
    logs: () => ({ isAvailable: false, since: null, why: 'This version of Serena has no log.' }),
  })
  await page.see('No log available. This version of Serena has no log.')
})

test('asks before it clears the log', async () => {
  page = show({ logs: () => pageOf(lines), clearLogs: () => ({}) })
  page.click('Clear …')
  const [dialog] = page.opened
  if (dialog?.kind !== 'confirm') throw new Error('no confirmation')
  await dialog.run()
  expect(page.announced).toEqual(['Cleared the log.'])
})

test('highlights matches and tools, and truncates a very long line until requested', () => {
  const text = `INFO find_symbol shop ${'x'.repeat(4_000)}`
  page = renderPage(() => (
    <LogRow
      line={{ index: 0, level: 'INFO', source: null, text }}
      search="shop"
      toolNames={new Set(['find_symbol'])}
    />
  ))
  expect(document.querySelector('mark')?.textContent).toBe('shop')
  expect(document.querySelector('.log__tool')?.textContent).toBe('find_symbol')
  const hidden = text.length - 4_000
  expect(page.text()).toHaveLength(4_000 + `Show ${hidden} more characters`.length)
  page.click(`Show ${hidden} more characters`)
  expect(page.text()).toBe(text)
})
