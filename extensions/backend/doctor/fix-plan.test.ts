// Fixes of several findings become one change per file.
import { describe, expect, test } from 'vitest'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { UserFile } from '../os/files/user-file.ts'
import { loadConfigTools } from './config-tools.ts'
import { type Fix, type FixPlan, type FixPlanDeps, planFixes } from './fix-plan.ts'

const TEXT = `{
  // Mine.
  "mcpServers": {
    "serena": { "command": "uvx", "args": ["--from", "git+https://x", "serena", "start-mcp-server"] }
  }
}
`
const ARGS = ['mcpServers', 'serena', 'args']
const FILE = '/home/ana/.cursor/mcp.json'

const fix = (id: string, changes: ConfigChange[], file = FILE): Fix => ({
  id,
  client: 'cursor',
  changes: [{ file, format: 'json', changes }],
})
const pinned = fix('pinned', [{ kind: 'set', path: [...ARGS, 1], value: 'serena-agent==2.1.0' }])
const project = fix('project', [{ kind: 'append', path: ARGS, value: '--project-from-cwd' }])

async function plan(fixes: Fix[], deps: Partial<FixPlanDeps> = {}, named: string[] = []): Promise<FixPlan> {
  const read = (file: string): UserFile => ({ target: file, text: TEXT, like: null, problem: null })
  return planFixes(fixes, (id) => named.includes(id), {
    read,
    tools: await loadConfigTools(),
    projectOf: () => null,
    neverWritten: () => null,
    ...deps,
  })
}

test('two fixes of one file are one change, with comments kept', async () => {
  const { files, postponed } = await plan([pinned, project])
  expect(files).toHaveLength(1)
  const [file] = files
  expect(file?.after).toBe(
    TEXT.replace('"git+https://x"', '"serena-agent==2.1.0"').replace(
      '"start-mcp-server"]',
      '"start-mcp-server", "--project-from-cwd"]',
    ),
  )
  expect([file?.fixes, file?.clients, file?.problem, postponed]).toEqual([
    ['pinned', 'project'],
    ['cursor'],
    null,
    [],
  ])
  expect(file?.diff.filter((line) => !line.startsWith(' '))).toHaveLength(2)
})

test('a fix that contradicts another one waits, with all of its files', async () => {
  const other: Fix = {
    ...fix('other', [{ kind: 'set', path: [...ARGS, 1], value: 'serena-agent==1.7.0' }]),
    changes: [
      {
        file: FILE,
        format: 'json',
        changes: [{ kind: 'set', path: [...ARGS, 1], value: 'serena-agent==1.7.0' }],
      },
      {
        file: '/home/ana/b.json',
        format: 'json',
        changes: [{ kind: 'remove', path: ['mcpServers', 'serena'] }],
      },
    ],
  }
  const { files, postponed } = await plan([pinned, other])
  expect([files.map(({ file }) => file), postponed]).toEqual([[FILE], ['other']])
})

test('words that two fixes remove from one list', async () => {
  const both = [
    fix('a', [
      { kind: 'remove', path: [...ARGS, 1] },
      { kind: 'remove', path: [...ARGS, 0] },
    ]),
    fix('b', [{ kind: 'remove', path: [...ARGS, 3] }]),
  ]
  const [file] = (await plan(both)).files
  expect(file?.after).toContain('"args": ["serena"]')
})

describe('a file of a project', () => {
  const shared = '/home/ana/shop/.mcp.json'
  const inProject = { projectOf: () => '/home/ana/shop' }

  test('is changed only if the finding is named', async () => {
    const fixes = [fix('own', project.changes[0]?.changes.slice() ?? [], shared)]
    expect(await plan(fixes, inProject)).toMatchObject({ files: [], unnamed: ['own'] })
    const { files, unnamed } = await plan(fixes, inProject, ['own'])
    expect(files).toMatchObject([{ file: shared, project: '/home/ana/shop', problem: null }])
    expect(unnamed).toEqual([])
  })

  test('that is a link out of the project is not changed', async () => {
    const read = (): UserFile => ({ target: '/home/ana/.claude.json', text: TEXT, like: null, problem: null })
    const { files } = await plan(
      [fix('own', [...(project.changes[0]?.changes ?? [])], shared)],
      { ...inProject, read },
      ['own'],
    )
    expect(files[0]?.problem).toBe('It is a link that leads out of the project.')
  })
})

test('a file that is never written is shown with what to change by hand', async () => {
  const { files } = await plan([pinned, project], { neverWritten: () => 'An administrator manages it.' })
  expect(files[0]).toMatchObject({
    problem: 'An administrator manages it.',
    byHand: [
      'Set mcpServers > serena > args > 1 to: "serena-agent==2.1.0"',
      'Add to mcpServers > serena > args: "--project-from-cwd"',
    ],
  })
})

test('JSON5 is never written', async () => {
  const [one] = pinned.changes
  const json5: Fix = { ...pinned, changes: one ? [{ ...one, format: 'json5' }] : [] }
  const { files } = await plan([json5])
  expect(files[0]).toMatchObject({
    problem: expect.stringContaining('JSON5') as string,
    after: TEXT,
    diff: [],
  })
})
