import { afterEach, expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { copyCommands, editorCommands, jumpCommands, projectCommands } from './instance-commands.ts'
import { type Answers, renderPage, type TestPage } from './page.fixture.tsx'
import { type PageContext, usePage } from './page-context.ts'

let page: TestPage
afterEach(() => page.dispose())

function context(answers: Answers = {}): PageContext {
  let found: PageContext | undefined
  page = renderPage(
    () => {
      found = usePage()
      return 'PAGE'
    },
    { answers },
  )
  return found as PageContext
}

test('goes to the client, and says what the backend says', async () => {
  const found = context({ jump: () => ({ isShown: false, text: 'Look for xterm (process 12).' }) })
  const [jump] = jumpCommands(found, instance(1))
  jump?.run()
  await expect.poll(() => page.announced).toEqual(['Look for xterm (process 12).'])
  expect(page.calls).toEqual([{ name: 'jump', params: { id: instance(1).id }, body: {} }])
  expect(jumpCommands(found, instance(1, { owner: null }))).toEqual([])
  expect(jumpCommands(found, instance(1, { state: 'dead' }))).toEqual([])
})

test('offers labels where the folder of the project is known', () => {
  const found = context()
  const labels = (more = {}): string[] => projectCommands(found, instance(1, more)).map(({ label }) => label)
  expect(labels()).toEqual(['Label and note …', 'Leave it alone'])
  expect(labels({ isLeftAlone: true })[1]).toBe('Stop leaving it alone')
  expect(labels({ project: { name: 'shop', path: null } })).toEqual([])
})

test('copies what is known, and the command line from the backend', async () => {
  const found = context({ launch: () => ({ command: 'uvx serena', snippets: [] }) })
  const run = (label: string): void =>
    copyCommands(found, instance(7), 'http://x/')
      .find((one) => one.label === label)
      ?.run()
  for (const label of ['Process ID', 'Port', 'Dashboard URL', 'Project path', 'Command line']) run(label)
  await expect.poll(() => page.copied).toEqual(['7', '24282', 'http://x/', '/home/ana/shop', 'uvx serena'])
  run('MCP configuration …')
  expect(page.opened).toEqual([
    { kind: 'snippet', instanceId: instance(7).id, instanceTitle: '7 - shop', client: 'claude' },
  ])
  expect(copyCommands(found, instance(7, { state: 'dead', port: null, project: null }), null)).toHaveLength(1)
})

test('opens the folder in an installed editor, and says when it did not start', async () => {
  let isShown = true
  const found = context({ openInEditor: () => ({ isShown, path: '/home/ana/shop' }) })
  const [code] = editorCommands(found, instance(1), [{ id: 'vscode', name: 'VS Code' }])
  code?.run()
  await expect.poll(() => page.announced).toEqual(['Opened the folder in VS Code.'])
  isShown = false
  code?.run()
  await expect.poll(() => page.announced.at(-1)).toBe('VS Code did not start.')
  expect(editorCommands(found, instance(1, { project: null }), [{ id: 'vscode', name: 'VS Code' }])).toEqual(
    [],
  )
})
