import { afterEach, expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { CallError } from '../../client/call-error.ts'
import { toggleLeftAlone } from '../../state/change-label.ts'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { usePage } from '../../state/page-context.ts'
import { LabelDialog } from './label-dialog.tsx'

let page: TestPage
afterEach(() => page.dispose())

const saved: Answers = { setLabel: ({ body }) => body }
const labeled = instance(1, { label: 'billing', isLeftAlone: true })

function show(answers: Answers): { isClosed: () => boolean } {
  let isClosed = false
  page = renderPage(() => <LabelDialog instance={labeled} onClose={() => (isClosed = true)} />, { answers })
  return { isClosed: () => isClosed }
}

test('saves the texts without blanks around them, and closes', async () => {
  const dialog = show(saved)
  expect(page.get<HTMLInputElement>('Label').value).toBe('billing')
  page.type('Label', ' checkout ')
  page.type('Note', '   ')
  page.click('Save')
  await expect.poll(dialog.isClosed).toBe(true)
  expect(page.calls).toEqual([
    {
      name: 'setLabel',
      params: { id: labeled.id },
      body: { label: 'checkout', note: null, isLeftAlone: true },
    },
  ])
  expect(page.announced).toEqual(['Saved for shop.'])
})

test('stays open with the typed text when it cannot be saved', async () => {
  const dialog = show({
    setLabel: () => new CallError('not-written', 'The disk is full.', 'Free some space.'),
  })
  page.type('Label', 'checkout')
  page.click('Save')
  await page.see('The disk is full.')
  expect([dialog.isClosed(), page.get<HTMLInputElement>('Label').value]).toEqual([false, 'checkout'])
})

test('an undo restores what was kept before', async () => {
  page = renderPage(
    () => {
      const context = usePage()
      const announce: typeof context.announce = (_, action) => void action?.run()
      void toggleLeftAlone({ ...context, announce }, labeled)
      return 'PAGE'
    },
    { answers: saved },
  )
  await expect
    .poll(() => page.calls.map(({ body }) => body))
    .toEqual([{ isLeftAlone: false }, { label: 'billing', note: null, isLeftAlone: true }])
})
