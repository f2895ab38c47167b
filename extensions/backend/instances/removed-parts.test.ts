// What was removed below an instance, on real files: reported only where it was there, and where our paths are its paths.
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProgramFacts } from '../os/process-facts.ts'
import { createRemovedWatch, type RemovedFacts } from './removed-parts.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'removed-'))
  mkdirSync(join(folder, 'venv', 'bin'), { recursive: true })
  mkdirSync(join(folder, 'shop'))
  writeFileSync(join(folder, 'venv', 'bin', 'serena'), '')
  symlinkSync(process.execPath, join(folder, 'venv', 'bin', 'python'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const program = (more: Partial<ProgramFacts> = {}): ProgramFacts => ({
  executable: '/usr/bin/python3.11',
  isForeignMounts: false,
  ...more,
})
const facts = (more: Partial<RemovedFacts> = {}): RemovedFacts => ({
  argv: [join(folder, 'venv/bin/python'), join(folder, 'venv/bin/serena'), 'start-mcp-server'],
  program: program(),
  cwd: folder,
  projectPath: join(folder, 'shop'),
  serenaHome: null,
  ...more,
})
const nothing = { program: null, folder: null }

test('the environment and the project folder, removed or renamed', () => {
  const watch = createRemovedWatch()
  expect(watch.renew(facts())).toEqual(nothing)
  renameSync(join(folder, 'shop'), join(folder, 'store'))
  expect(watch.renew(facts())).toEqual({ program: null, folder: join(folder, 'shop') })
  renameSync(join(folder, 'store'), join(folder, 'shop'))
  rmSync(join(folder, 'venv'), { recursive: true })
  expect(watch.renew(facts())).toEqual({ program: join(folder, 'venv/bin/serena'), folder: null })
  const module = [join(folder, 'venv/bin/python'), '-m', 'serena', 'start-mcp-server']
  expect(watch.renew(facts({ argv: module })).program).toBe(join(folder, 'venv/bin/python'))
})

test('what the kernel marks as deleted, unless another file has its place', () => {
  const watch = createRemovedWatch()
  const gone = join(folder, 'old')
  expect(
    watch.renew(facts({ cwd: `${gone} (deleted)`, program: program({ executable: `${gone} (deleted)` }) })),
  ).toEqual({
    program: gone,
    folder: gone,
  })
  // An update has put a new file there; a folder may really be called so.
  mkdirSync(gone)
  expect(watch.renew(facts({ program: program({ executable: `${gone} (deleted)` }) })).program).toBeNull()
  mkdirSync(join(folder, 'x (deleted)'))
  expect(watch.renew(facts({ cwd: join(folder, 'x (deleted)') })).folder).toBeNull()
})

test('a folder that never existed is not removed; one that Serena has registered did exist', () => {
  const projectPath = join(folder, 'never')
  expect(createRemovedWatch().renew(facts({ projectPath }))).toEqual(nothing)
  writeFileSync(join(folder, 'serena_config.yml'), `projects:\n- ${projectPath}\n`)
  expect(createRemovedWatch().renew(facts({ projectPath, serenaHome: folder })).folder).toBe(projectPath)
})

test.each([
  ['another mount namespace', { isForeignMounts: true }],
  ['one that cannot be read', { isForeignMounts: null }],
])('%s: nothing is removed', (_, more) => {
  const watch = createRemovedWatch()
  watch.renew(facts())
  rmSync(join(folder, 'venv'), { recursive: true })
  rmSync(join(folder, 'shop'), { recursive: true })
  expect(watch.renew(facts({ program: program(more), cwd: `${folder}/x (deleted)` }))).toEqual(nothing)
  expect(watch.renew(facts({ program: null }))).toEqual(nothing)
})

test('another program with the name of Serena is judged by its own file', () => {
  const argv = ['/nowhere/serena', 'start-mcp-server']
  expect(createRemovedWatch().renew(facts({ argv })).program).toBeNull()
})
