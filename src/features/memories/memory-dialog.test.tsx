import { afterEach, expect, test, vi } from 'vitest'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { MemoryDialog } from './memory-dialog.tsx'

// The dialog library computes many styles, which is slow in jsdom on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let page: TestPage
afterEach(() => page.dispose())
const onClose = vi.fn()
afterEach(() => onClose.mockClear())

function show(name: string | null, answers: Answers): TestPage {
  return renderPage(
    () => <MemoryDialog instanceId="1-a" instanceTitle="1 - shop" name={name} onClose={onClose} />,
    { answers },
  )
}
const echo: Answers['saveMemory'] = ({ body }) => {
  const { name, content } = body as { name: string; content: string }
  return { name, content }
}

test('saves a new memory once it has a valid name', async () => {
  page = show(null, { saveMemory: echo })
  const save = page.get<HTMLButtonElement>('Save')
  expect(save.disabled).toBe(true)
  page.type('Name', '../outside')
  page.type('Content', '# Notes')
  expect(save.disabled).toBe(true)
  page.type('Name', 'style/notes')
  expect(page.text()).toContain('Unsaved changes')
  save.click()
  await expect.poll(() => page.announced).toEqual(['Saved style/notes.'])
  expect(page.calls[0]?.body).toEqual({ name: 'style/notes', content: '# Notes', basedOn: null })
})

test('renames before it saves, based on the text that was loaded', async () => {
  page = show('a', {
    memory: () => ({ name: 'a', content: 'old' }),
    renameMemory: () => ({}),
    saveMemory: echo,
  })
  await expect.poll(() => page.get<HTMLTextAreaElement>('Content').value).toBe('old')
  page.type('Name', 'b')
  page.type('Content', 'new')
  page.click('Save')
  await expect.poll(() => page.announced).toEqual(['Saved b.'])
  expect(page.calls.slice(1).map(({ name, body }) => [name, body])).toEqual([
    ['renameMemory', { from: 'a', to: 'b' }],
    ['saveMemory', { name: 'b', content: 'new', basedOn: 'old' }],
  ])
})

test('keeps the text and reports an error when the instance stored something else', async () => {
  page = show(null, { saveMemory: () => ({ name: 'a', content: 'other' }) })
  page.type('Name', 'a')
  page.type('Content', 'mine')
  page.click('Save')
  await page.see('The memory on the instance differs from the saved text.')
  expect(page.get<HTMLTextAreaElement>('Content').value).toBe('mine')
  page.click('Copy unsaved text')
  expect(page.copied).toEqual(['mine'])
})

test('asks before unsaved text is discarded', () => {
  page = show(null, {})
  page.type('Content', 'mine')
  const [, close] = [...document.querySelectorAll<HTMLButtonElement>('button')].filter(
    (button) => button.textContent === 'Close' || button.getAttribute('aria-label') === 'Close',
  )
  close?.click()
  expect(page.text()).toContain('Discard unsaved changes?')
  expect(onClose).not.toHaveBeenCalled()
  page.click('Discard')
  expect(onClose).toHaveBeenCalledOnce()
  page.actions[0]?.run()
  expect(page.opened).toMatchObject([{ kind: 'memory', name: null, draft: { name: '', text: 'mine' } }])
})

test('shows text that was discarded before', async () => {
  page = renderPage(
    () => (
      <MemoryDialog
        instanceId="i1"
        instanceTitle="1 - shop"
        name="a"
        draft={{ name: 'b', text: 'mine' }}
        onClose={onClose}
      />
    ),
    { answers: { memory: () => ({ name: 'a', content: 'old' }) } },
  )
  await expect.poll(() => page.get<HTMLTextAreaElement>('Content').value).toBe('mine')
  expect(page.get<HTMLInputElement>('Name').value).toBe('b')
  expect(page.text()).toContain('Unsaved changes')
})

test('asks before a memory is deleted, and undoes it', async () => {
  page = show('a', {
    memory: () => ({ name: 'a', content: 'what it says' }),
    deleteMemory: () => ({}),
    saveMemory: echo,
  })
  await page.see('Delete …')
  page.click('Delete …')
  expect(page.text()).toContain('Permanently delete this memory?')
  page.click('Delete')
  await expect.poll(() => page.announced).toEqual(['Deleted a.'])
  page.actions[0]?.run()
  await expect.poll(() => page.announced).toEqual(['Deleted a.', 'Undone.'])
  expect(page.calls.at(-1)).toMatchObject({
    name: 'saveMemory',
    body: { name: 'a', content: 'what it says', basedOn: null },
  })
  expect(onClose).toHaveBeenCalledOnce()
})
