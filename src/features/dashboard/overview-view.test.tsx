import { afterEach, expect, test } from 'vitest'
import type { Overview } from '#contract/details'
import { instance as makeInstance } from '#contract/instance.fixture'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { overview } from './overview.fixture.ts'
import { OverviewView } from './overview-view.tsx'

let page: TestPage
let pid = 100
afterEach(() => page.dispose())

/** Shows an instance that differs in each test, because answers of earlier visits are cached by instance. */
function show(answers: Answers = {}, data: Partial<Overview> = {}): TestPage {
  const instance = makeInstance((pid += 1))
  return renderPage(
    () => (
      <OverviewView
        instance={instance}
        folding={{ isOpen: () => true, setOpen: () => undefined }}
        parts={{ memories: () => 'MEMORIES', history: () => 'HISTORY' }}
      />
    ),
    {
      answers: {
        overview: () => ({ isAvailable: true, data: { ...overview, ...data } }),
        executions: () => ({ isAvailable: true, data: { queue: [], last: null } }),
        news: () => ({ isAvailable: true, data: { items: [] } }),
        ...answers,
      },
    },
  )
}
const fact = (name: string): string =>
  [...document.querySelectorAll('.fact')].find((row) => row.firstChild?.textContent === name)?.lastChild
    ?.textContent ?? ''

test('shows the configuration, and no row for a value that is not reported', async () => {
  page = show()
  await page.see('Current Configuration')
  expect(fact('Serena version')).toBe('2.1.02.2.0 available Releases')
  expect(fact('Active project')).toContain('not trusted')
  expect(fact('Context')).toBe('claude-code – For Claude Code')
  expect(fact('Active modes')).toBe('none')
  expect(fact('Mood')).toBe('good')
  expect([fact('Client'), fact('Languages')]).toEqual(['', ''])
  expect(page.text()).toContain('MEMORIES')
  expect(page.text()).toContain('HISTORY')
})

test('lists active projects first and filters a long list', async () => {
  page = show()
  await page.see('Registered Projects')
  expect([...document.querySelectorAll('.choices__name')].map((one) => one.textContent)).toEqual([
    'shopactive',
    'a-first',
  ])
  page.type('Filter available tools', 'tool_19')
  expect([...document.querySelectorAll('.names__name')].map((one) => one.textContent)).toContain('tool_19')
  expect(page.text()).not.toContain('tool_18')
  page.type('Filter available tools', 'nothing')
  expect(page.text()).toContain('No matches.')
})

test('asks whether the dashboard opens on start, and saves the answer', async () => {
  page = show({ setOpensOnLaunch: () => ({}) })
  await page.see('Do not open it')
  page.click('Do not open it')
  await expect.poll(() => page.announced).toEqual(['Serena no longer opens its dashboard on start.'])
  expect(page.calls.find(({ name }) => name === 'setOpensOnLaunch')?.body).toEqual({ isOn: false })
})

test('adds a language server from the list, and asks before it removes one', async () => {
  page = show({
    languages: () => ({ isAvailable: true, data: { languages: ['rust', 'go'] } }),
    addLanguage: () => ({}),
    removeLanguage: () => ({}),
  })
  await page.see('Add …')
  page.click('Add …')
  await page.see('Serena downloads the language server if necessary')
  page.type('Language to add', 'cobol')
  expect(page.get<HTMLButtonElement>('Add').disabled).toBe(true)
  page.type('Language to add', 'rust')
  page.click('Add')
  await expect.poll(() => page.announced).toEqual(['Added rust.'])
  page.click('Remove python')
  const [dialog] = page.opened
  if (dialog?.kind !== 'confirm') throw new Error('no confirmation')
  await dialog.run()
  expect(page.calls.some(({ name }) => name === 'removeLanguage')).toBe(true)
})

test('abandons a queued execution after a confirmation and lists it', async () => {
  const queue = [
    { taskId: 1, name: 'Task-1:A', isRunning: true, finishedSuccessfully: null },
    { taskId: 2, name: 'Task-2:B', isRunning: false, finishedSuccessfully: null },
  ]
  page = show({
    executions: () => ({ isAvailable: true, data: { queue, last: null } }),
    cancelExecution: () => ({ wasCancelled: true }),
  })
  await page.see('Task-2:B')
  expect(page.text()).toContain('running for 0 s')
  document.querySelectorAll<HTMLButtonElement>('.executions button')[1]?.click()
  const [dialog] = page.opened
  if (dialog?.kind !== 'confirm') throw new Error('no confirmation')
  expect(dialog.text).toContain('The work itself continues')
  await dialog.run()
  await page.see('removed from the queue')
  expect(page.announced).toEqual(['Abandoned Task-2:B.'])
})

test('shows news as text and marks them as read', async () => {
  const items = [{ id: 'n', html: '<b>New</b><script>alert(1)</script>' }]
  page = show({ news: () => ({ isAvailable: true, data: { items } }), markNewsRead: () => ({}) })
  await page.see('Mark as read')
  expect(document.querySelector('.news__text')?.innerHTML).toBe('New')
  page.click('Mark as read')
  await expect.poll(() => page.announced).toEqual(['Marked as read.'])
})

test('shows the first Serena version with an overview', async () => {
  page = show({ overview: () => ({ isAvailable: false, since: '1.0.0', why: 'Too old.' }) })
  await page.see('No configuration available. Too old. Available since Serena 1.0.0.')
})
