import { createSignal } from 'solid-js'
import { afterEach, expect, test } from 'vitest'
import type { Finding } from '#contract/doctor'
import type { FixPreview, Health } from '#contract/health'
import { CallError } from '../../client/call-error.ts'
import { createHealthStore, type HealthStore } from '../../state/health-store.ts'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { usePage } from '../../state/page-context.ts'
import { FixDialog } from './fix-dialog.tsx'
import { HealthView } from './health-view.tsx'
import { findingsAbout, problemsText } from './health-words.ts'

let page: TestPage
afterEach(() => page.dispose())

const finding = (change: Partial<Finding> = {}): Finding => ({
  id: 'no-project:cursor:1a2b:serena',
  severity: 'warning',
  client: 'cursor',
  file: '/home/ana/.cursor/mcp.json',
  line: 7,
  title: 'Cursor starts Serena without a project.',
  why: 'The tab is yellow.',
  fix: 'Add --project-from-cwd.',
  evidence: ['/home/ana/.cursor/mcp.json:7: "args"'],
  ...change,
})
const health = (findings: Finding[], change: Partial<Health> = {}): Health => ({
  readAt: '2026-11-23T11:50:00.000Z',
  report: { schema: 1, entries: [], findings },
  ignored: [],
  files: ['/home/ana/.cursor/mcp.json'],
  undo: null,
  ...change,
})

function show(answers: Answers): TestPage {
  return renderPage(
    () => {
      const [isActive] = createSignal(false)
      const store: HealthStore = createHealthStore(usePage().backend, isActive)
      return <HealthView store={store} />
    },
    { answers },
  )
}

test('lists the findings by severity, with place, reason and fix', async () => {
  const crash = finding({
    id: 'x',
    severity: 'error',
    title: 'Serena cannot start.',
    fix: null,
    file: null,
    line: null,
  })
  page = show({ health: () => health([crash, finding()]) })
  await page.see('2 findings')
  expect(page.text()).toContain('~/.cursor/mcp.json:7')
  expect(page.text()).toContain('The tab is yellow.')
  expect(page.text().indexOf('Errors')).toBeLessThan(page.text().indexOf('Warnings'))
  page.click('Fix: Cursor starts Serena without a project.')
  expect(page.opened).toMatchObject([{ kind: 'fix', ids: ['no-project:cursor:1a2b:serena'] }])
  expect(() => page.get('Fix: Serena cannot start.')).toThrow()
})

test('says that nothing was found, and what was read', async () => {
  page = show({ health: () => health([]) })
  await page.see('No problems found.')
  page.click('What was read')
  await page.see('~/.cursor/mcp.json')
})

test('ignores a finding with a reason, and shows it again', async () => {
  let isIgnored = false
  page = show({
    health: () =>
      isIgnored
        ? health([], {
            ignored: [{ id: 'a', title: 'Cursor starts Serena without a project.', reason: 'On purpose' }],
          })
        : health([finding({ id: 'a' })]),
    ignoreFinding: ({ body }) => {
      isIgnored = (body as { reason: string | null }).reason !== null
      return { isDone: true }
    },
  })
  await page.see('1 finding')
  page.click('Ignore: Cursor starts Serena without a project.')
  page.type('Reason to ignore the problem', 'On purpose')
  page.click('Ignore')
  await page.see('No problems found.')
  expect(page.calls.find(({ name }) => name === 'ignoreFinding')?.body).toEqual({
    id: 'a',
    reason: 'On purpose',
  })
  page.click('Ignored')
  page.click('Show again: Cursor starts Serena without a project.')
  await page.see('1 finding')
  page.click('Ignore: Cursor starts Serena without a project.')
  page.type('Reason to ignore the problem', 'By mistake')
  page.click('Ignore')
  await page.see('No problems found.')
  page.actions.at(-1)?.run()
  await page.see('1 finding')
})

test('undoes the last fix and names what could not be restored', async () => {
  page = show({
    health: () =>
      health([], { undo: { id: 's', at: '2026-11-23T11:50:00.000Z', files: ['/home/ana/.claude.json'] } }),
    undoFix: () => ({
      restored: ['/home/ana/.cursor/mcp.json'],
      refused: [{ file: '/home/ana/.claude.json', why: 'It was changed since.', backup: null }],
    }),
  })
  await page.see('Undo the last fix')
  page.click('Undo the last fix')
  await expect.poll(() => page.announced).toEqual(['Restored 1 file. ~/.claude.json: It was changed since.'])
})

const preview: FixPreview = {
  files: [
    {
      file: '/home/ana/.cursor/mcp.json',
      clients: ['Cursor'],
      findings: ['a'],
      isInProject: false,
      diff: ['-  "args": []', '+  "args": ["--project-from-cwd"]'],
      etag: 'e1',
      hash: 'h1',
      problem: null,
      byHand: [],
    },
    {
      file: '/etc/claude-code/managed-mcp.json',
      clients: ['Claude Code'],
      findings: ['a'],
      isInProject: false,
      diff: [],
      etag: 'e2',
      hash: 'h2',
      problem: 'An administrator manages it.',
      byHand: ['Remove mcpServers > serena.'],
    },
  ],
  restarts: [{ client: 'Cursor', pids: [77] }],
  postponed: ['b'],
}

test('a fix shows each change, what is left to the user, and the clients to restart', async () => {
  const done: string[] = []
  const answers: Answers = {
    previewFix: () => preview,
    applyFix: () => ({ files: [{ file: '/home/ana/.cursor/mcp.json', backup: '/b' }] }),
  }
  page = renderPage(
    () => (
      <FixDialog
        title="Fix the problem"
        ids={['a']}
        onDone={() => done.push('done')}
        onClose={() => undefined}
      />
    ),
    { answers },
  )
  await page.see('+  "args": ["--project-from-cwd"]')
  expect(page.text()).toContain('An administrator manages it.')
  expect(page.text()).toContain('Remove mcpServers > serena.')
  expect(page.text()).toContain('Cursor (process 77)')
  expect(page.text()).toContain('1 more fix can be applied')
  expect(page.get<HTMLInputElement>('Change ~/.cursor/mcp.json').checked).toBe(true)
  expect(page.get<HTMLInputElement>('Change ~/.cursor/mcp.json').disabled).toBe(false)
  page.click('Change 1 file')
  await page.see('Changed')
  expect(page.calls.find(({ name }) => name === 'applyFix')?.body).toEqual({
    ids: ['a'],
    files: [{ file: '/home/ana/.cursor/mcp.json', etag: 'e1', hash: 'h1' }],
  })
  expect(done).toEqual(['done'])
})

test('a fix that is refused shows why', async () => {
  const answers: Answers = {
    previewFix: () => preview,
    applyFix: () => new CallError('changed-meanwhile', 'The file has changed since you opened it.', ''),
  }
  page = renderPage(
    () => <FixDialog title="F" ids={['a']} onDone={() => undefined} onClose={() => undefined} />,
    { answers },
  )
  await page.see('Change 1 file')
  page.click('Change 1 file')
  await page.see('The file has changed since you opened it.')
})

test('finds what is about an instance: its process, or a file of its project', () => {
  const about = { pid: 42, project: { name: 'shop', path: '/home/ana/shop' } }
  const own = finding({ id: '1', evidence: ['process 42 runs Serena 1.0.0'] })
  const inProject = finding({ id: '2', file: '/home/ana/shop/.mcp.json', evidence: [] })
  const others = [
    finding({ id: '3', evidence: ['process 420'] }),
    finding({ id: '4', file: '/home/ana/shop-api/.mcp.json', evidence: [] }),
  ]
  expect(findingsAbout([own, inProject, ...others], about).map(({ id }) => id)).toEqual(['1', '2'])
  expect(findingsAbout(others, { pid: null, project: null })).toEqual([])
})

test('counts errors and warnings as problems', () => {
  expect(problemsText(null)).toBe('')
  expect(problemsText({ errors: 0, warnings: 0, infos: 3 })).toBe('')
  expect(problemsText({ errors: 1, warnings: 1, infos: 3 })).toBe('2 problems')
})
