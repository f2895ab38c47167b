import { afterEach, expect, test } from 'vitest'
import type { ShareFile } from '#contract/share'
import { CallError } from '../../client/call-error.ts'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { ShareDialog } from './share-dialog.tsx'

let page: TestPage
afterEach(() => page.dispose())

const own: ShareFile = {
  client: 'Cursor',
  file: '/home/ana/.cursor/mcp.json',
  isInProject: false,
  servers: ['serena'],
  diff: ['-  "command": "serena",', '+  "command": "/usr/bin/node",'],
  etag: 'e1',
  hash: 'h1',
  problem: null,
}
const inProject: ShareFile = {
  ...own,
  client: 'Claude Code',
  file: '/home/ana/shop/.mcp.json',
  isInProject: true,
  etag: 'e2',
}
const show = (files: ShareFile[], answers: Answers = {}): TestPage =>
  renderPage(() => <ShareDialog instanceId="7-x" projectName="shop" onClose={() => undefined} />, {
    answers: { previewShare: () => ({ files }), ...answers },
  })
const isChecked = (label: string): boolean => page.get<HTMLInputElement>(label).checked

test('shows each change, and selects no file of the project by default', async () => {
  page = show([own, inProject])
  await page.see('+  "command": "/usr/bin/node",')
  expect(isChecked('Change ~/.cursor/mcp.json')).toBe(true)
  expect(isChecked('Change ~/shop/.mcp.json')).toBe(false)
  expect(page.text()).toContain('If it is under version control')
  page.get('Change 1 file')
})

test('changes the chosen files with the diff that was shown, and undoes one', async () => {
  page = show([own, inProject], {
    shareProject: () => ({ backup: '/b' }),
    undoShare: () => ({ backup: '/b' }),
  })
  await page.see('Change 1 file')
  page.click('Change ~/shop/.mcp.json')
  page.click('Change 2 files')
  await page.see('Changed')
  await expect.poll(() => page.announced).toHaveLength(2)
  expect(page.calls.filter(({ name }) => name === 'shareProject').map(({ body }) => body)).toEqual([
    { file: own.file, etag: 'e1', hash: 'h1' },
    { file: inProject.file, etag: 'e2', hash: 'h1' },
  ])
  await expect.poll(() => page.text()).not.toMatch(/Change \d|Working/)
  page.click('Undo the change of ~/.cursor/mcp.json')
  await expect.poll(() => page.announced.at(-1)).toBe('Restored ~/.cursor/mcp.json.')
})

test('shows why a file cannot be changed, and the error of a change', async () => {
  page = show([own, { ...inProject, diff: [], problem: 'Its format does not allow this change alone.' }], {
    shareProject: () => new CallError('changed-meanwhile', 'The file has changed since you opened it.', ''),
  })
  await page.see('Its format does not allow this change alone.')
  expect(page.get<HTMLInputElement>('Change ~/shop/.mcp.json').disabled).toBe(true)
  page.click('Change 1 file')
  await page.see('The file has changed since you opened it.')
})

test('says what to do if no configuration is found', async () => {
  page = show([])
  await page.see('serena-deck connect --')
  expect(page.text()).not.toMatch(/Change \d/)
})
