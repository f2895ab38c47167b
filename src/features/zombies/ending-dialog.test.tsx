import { afterEach, expect, test, vi } from 'vitest'
import type { EndingPlanItem, Receipt } from '#contract/ending'
import { instance as makeInstance } from '#contract/instance.fixture'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { EndingDialog } from './ending-dialog.tsx'

// The dialog library computes many styles, which is slow in jsdom on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const item = (id: string, more: Partial<EndingPlanItem> = {}): EndingPlanItem => ({
  id,
  title: id,
  why: [`${id} is a zombie.`],
  how: 'terminate',
  processes: 2,
  memoryBytes: 1_500_000,
  checked: true,
  refusal: null,
  ...more,
})
const hung = makeInstance(5, { state: 'hung' })
const receipt: Receipt = {
  schema: 1,
  ended: [{ id: 'a', title: 'a', how: 'force', processes: 2, freedBytes: 2e6, launch: 'cd /a && serena' }],
  refused: [{ id: 'b', why: 'It answers again.' }],
  survivors: [{ pid: 9, why: 'state D' }],
}
let page: TestPage
afterEach(() => page.dispose())

function show(plan: EndingPlanItem[], ids: string[] | null = null, answers: Answers = {}): TestPage {
  return renderPage(() => <EndingDialog title="Kill" ids={ids} onClose={() => undefined} />, {
    answers: { planEnding: () => ({ schema: 1, plan }), end: () => receipt, ...answers },
    instances: [hung],
  })
}

test('shows what will be ended and why, and ends nothing before the button is pressed', async () => {
  page = show([
    item('a'),
    item('b', { checked: false }),
    item('c', { checked: false, refusal: 'Protected.' }),
  ])
  await page.see('a is a zombie.')
  expect(page.text()).toContain('2 processes · 2 MB · SIGTERM')
  expect(page.text()).toContain('Not selected: its client may still be using it.')
  expect(page.text()).toContain('Not ended: Protected.')
  expect(page.get('End 1 instance')).not.toBeNull()
  expect(page.calls.map(({ name }) => name)).toEqual(['planEnding'])
})

test('an instance that is left alone is ended by name only after it was selected', async () => {
  page = show([item('5-0123456789ab', { checked: false, isLeftAlone: true })], [hung.id])
  await page.see('Not selected: it is left alone.')
  expect(page.get<HTMLButtonElement>('End 0 instances').disabled).toBe(true)
  document.querySelector<HTMLInputElement>('.ending input')?.click()
  page.click('End 1 instance')
  await page.see('Ended 1 instance')
  expect(page.calls.at(-1)).toMatchObject({ name: 'end', body: { scope: 'named', ids: [hung.id] } })
})

test('ends the checked instances, then shows the receipt with launch command and survivors', async () => {
  page = show([item('a'), item('b', { checked: false })])
  await page.see('b is a zombie.')
  document.querySelectorAll<HTMLInputElement>('.ending input')[1]?.click()
  page.click('End 2 instances')
  await page.see('Ended 1 instance, freed 2 MB.')
  expect(page.calls.at(-1)).toMatchObject({ name: 'end', body: { scope: 'red', ids: ['a', 'b'] } })
  expect(page.text()).toContain('Not ended: b. It answers again.')
  expect(page.text()).toContain('Still running: process 9. state D')
  page.click('Copy the launch command of a')
  page.click('Copy receipt')
  expect(page.copied[0]).toBe('cd /a && serena')
  expect(page.copied[1]).toContain('a: SIGKILL, 2 processes')
  expect(document.querySelector<HTMLInputElement>('.ending input')?.disabled).toBe(true)
})

test('checks an instance that the user selected, and sends the scope it had when the dialog was opened', async () => {
  const probable = makeInstance(6, { state: 'live' })
  page = renderPage(() => <EndingDialog title="End" ids={[probable.id]} onClose={() => undefined} />, {
    answers: {
      planEnding: () => ({ schema: 1, plan: [item(probable.id, { checked: false })] }),
      end: () => receipt,
    },
    instances: [probable],
  })
  await page.see('is a zombie.')
  page.click('End 1 instance')
  await page.see('Ended 1')
  expect(page.calls.at(-1)?.body).toMatchObject({ scope: 'named', ids: [probable.id] })
})

test('ends child processes only if that is selected', async () => {
  page = show([item('a', { leftRunning: [{ pid: 7, name: 'idea64' }] })])
  await page.see('Left running: idea64 (process 7)')
  document.querySelector<HTMLInputElement>('.ending__children input')?.click()
  expect(page.text()).toContain('Also ended: idea64 (process 7)')
  page.click('End 1 instance')
  await page.see('Ended 1')
  expect(page.calls.at(-1)?.body).toMatchObject({ includeChildren: true })
})

test('shows a message if there are no instances to end', async () => {
  page = show([])
  await page.see('There are no instances to end.')
  expect(page.get<HTMLButtonElement>('End 0 instances').disabled).toBe(true)
})
