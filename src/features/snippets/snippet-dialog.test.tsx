import { afterEach, expect, test } from 'vitest'
import { CallError } from '../../client/call-error.ts'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { SnippetDialog } from './snippet-dialog.tsx'

let page: TestPage
afterEach(() => page.dispose())

const snippets = [
  { client: 'Claude Code', file: '.mcp.json', text: '{ "a": 1 }\n' },
  { client: 'Codex', file: '~/.codex/config.toml', text: '[mcp_servers.serena]\n' },
]
const show = (client: string | null, launch: Answers['launch']): TestPage =>
  renderPage(
    () => (
      <SnippetDialog instanceId="1-a" instanceTitle="1 - shop" client={client} onClose={() => undefined} />
    ),
    { answers: launch ? { launch } : {} },
  )

test('shows the entry for the client of the instance, and copies it', async () => {
  page = show('Codex', () => ({ command: null, snippets }))
  await page.see('[mcp_servers.serena]')
  page.click('Copy')
  expect(page.copied).toEqual(['[mcp_servers.serena]\n'])
  expect(page.text()).toContain('~/.codex/config.toml')
})

test('shows the first client when that of the instance is not in the table', async () => {
  page = show('An agent of our own', () => ({ command: null, snippets }))
  await page.see('{ "a": 1 }')
})

test('shows an error', async () => {
  page = show(null, () => new CallError('instance-not-found', 'No such instance.', 'Reload.'))
  await page.see('No such instance.')
})
