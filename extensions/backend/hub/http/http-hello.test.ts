// The Serena of a URL: its command, its project, its context.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { helloOf, serenaCommandOf } from './http-hello.ts'

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'deck-hello-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('takes the command of the settings, else the installed program, else uvx', () => {
  expect(serenaCommandOf(`"/opt/my serena/serena" start-mcp-server --log-level 'INFO'`, '')).toEqual([
    '/opt/my serena/serena',
    'start-mcp-server',
    '--log-level',
    'INFO',
  ])
  expect(serenaCommandOf(null, folder).slice(0, 3)).toEqual(['uvx', '--from', 'serena-agent'])
  writeFileSync(join(folder, 'serena'), '')
  chmodSync(join(folder, 'serena'), 0o755)
  expect(serenaCommandOf(null, folder)).toEqual(['serena', 'start-mcp-server'])
  expect(serenaCommandOf('  ', folder)).toEqual(['serena', 'start-mcp-server'])
})

it('finds a project by its registered name or by its path, and says so when there is none', () => {
  const root = join(folder, 'shop')
  const env = { SERENA_HOME: folder, HOME: folder, EMPTY: undefined }
  mkdirSync(root)
  writeFileSync(join(folder, 'serena_config.yml'), `projects:\n- ${root}\n`)
  const of = (project: string, context: string | null = null) =>
    helloOf({ project, context }, ['serena', 'start-mcp-server'], env)
  const words = ['serena', 'start-mcp-server', '--project', root]
  expect(of('shop')).toMatchObject({ cwd: root, command: words, env: { HOME: folder } })
  expect(of(root, 'ide')?.command).toEqual([...words, '--context', 'ide'])
  expect(of(root)?.env).not.toHaveProperty('EMPTY')
  for (const unknown of ['other', 'shop/..', '..', join(folder, 'none'), join(folder, 'serena_config.yml')])
    expect(of(unknown)).toBeNull()
})
