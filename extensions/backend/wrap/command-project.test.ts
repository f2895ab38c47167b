// The project that the arguments name.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serenaCommand } from '../serena/serena-process.fixture.ts'
import { commandProject } from './command-project.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'serena-deck-command-project-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('is none, a name, a folder, or the folder around the working directory', () => {
  expect(commandProject(serenaCommand(), root)).toBeNull()
  expect(commandProject({ ...serenaCommand(), project: 'shop' }, root)).toEqual({ name: 'shop', path: null })
  expect(commandProject({ ...serenaCommand(), project: '.' }, root)).toEqual({
    name: basename(root),
    path: root,
  })
  expect(commandProject({ ...serenaCommand(), isProjectFromCwd: true }, root)).toBeNull()
  mkdirSync(join(root, '.git'))
  mkdirSync(join(root, 'src'))
  expect(commandProject({ ...serenaCommand(), isProjectFromCwd: true }, join(root, 'src'))).toEqual({
    name: basename(root),
    path: root,
  })
})

it.each([
  ['project_name: "Shop of Ana"\n', 'Shop of Ana'],
  ['project_name: shop\n', 'shop'],
  ['project_name: |\n  shop\n', null],
  ['languages: [python]\n', null],
])('%j', (text, name) => {
  mkdirSync(join(root, '.serena'))
  writeFileSync(join(root, '.serena', 'project.yml'), text)
  expect(commandProject({ ...serenaCommand(), project: root }, '/')?.name).toBe(name ?? basename(root))
})
