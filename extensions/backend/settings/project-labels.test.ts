// The file of project labels: missing, edited by hand, broken, newer, written by two commands at once.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createProjectLabels, type ProjectLabels, parseProjectLabels } from './project-labels.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-labels-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SHOP = { name: 'shop', path: '/w/shop' }
const file = () => join(folder, 'config', 'projects.json')
const store = (links: Readonly<Record<string, string>> = {}): ProjectLabels =>
  createProjectLabels({
    file: file(),
    realFolder: (path) => links[path] ?? path,
    hasExited: () => Promise.resolve(false),
  })

it('keeps nothing while it is missing, and the first change creates it with mode 600', async () => {
  expect([store().of(SHOP), store().of(null), store().notices()]).toEqual([null, null, []])
  await store().change(SHOP, { label: 'billing' })
  expect(store().of(SHOP)).toEqual({ label: 'billing', note: null, isLeftAlone: false })
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

it('changes the given keys of one project, and removes an entry that keeps nothing', async () => {
  const labels = store()
  await labels.change(SHOP, { label: 'billing', isLeftAlone: true })
  await labels.change({ name: 'other', path: '/w/other' }, { note: 'two\nlines' })
  expect(await labels.change(SHOP, { label: null })).toEqual({ label: null, note: null, isLeftAlone: true })
  expect(labels.of({ name: 'other', path: '/w/other' })?.note).toBe('two\nlines')
  await labels.change(SHOP, { isLeftAlone: false })
  expect(labels.of(SHOP)).toBeNull()
  expect(Object.keys((JSON.parse(readFileSync(file(), 'utf8')) as { projects: object }).projects)).toEqual([
    '/w/other',
  ])
})

it('finds a project by another path of the same folder, and by its name while its folder is not known', async () => {
  const labels = store({ '/link/shop': '/w/shop' })
  await labels.change({ name: 'shop', path: '/link/shop' }, { isLeftAlone: true })
  expect(labels.of(SHOP)?.isLeftAlone).toBe(true)
  expect(labels.of({ name: 'shop', path: null })?.isLeftAlone).toBe(true)
  expect(labels.of({ name: 'other', path: null })).toBeNull()
  expect(labels.of({ name: 'shop', path: '/w/another/shop' })).toBeNull()
})

it.each(['', '{', '[]', '"x"', '\0\0', '{"schema":1}', '{"schema":1,"projects":[1]}'])(
  '%j protects every project and is not overwritten',
  async (text) => {
    await store().change(SHOP, { label: 'billing' })
    writeFileSync(file(), text)
    const labels = store()
    expect(labels.of({ name: 'any', path: '/any' })?.isLeftAlone).toBe(true)
    expect(labels.notices()).toHaveLength(1)
    await expect(labels.change(SHOP, { label: 'x' })).rejects.toMatchObject({ code: 'not-written' })
    expect(readFileSync(file(), 'utf8')).toBe(text)
  },
)

it('protects a project whose entry is invalid, and reads a newer file without changing it', async () => {
  await store().change(SHOP, { label: 'billing' })
  writeFileSync(
    file(),
    JSON.stringify({ schema: 99, projects: { '/w/shop': { name: 'shop', isLeftAlone: 'no' } } }),
  )
  expect(store().of(SHOP)?.isLeftAlone).toBe(true)
  expect(store().of({ name: 'other', path: '/w/other' })).toBeNull()
  expect(store().notices()).toHaveLength(2)
  await expect(store().change(SHOP, { note: 'x' })).rejects.toMatchObject({ code: 'not-written' })
})

it('loses no change of several writers', async () => {
  const paths = Array.from({ length: 20 }, (_, at) => `/w/p${at}`)
  await Promise.all(paths.map((path) => store().change({ name: path, path }, { isLeftAlone: true })))
  expect(paths.filter((path) => store().of({ name: path, path })?.isLeftAlone !== true)).toEqual([])
})

it('never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"schema":1,"projects":${json}}`),
      ),
      (text) => {
        const { raw, problems } = parseProjectLabels(text)
        if (raw === null) expect(problems).toHaveLength(1)
      },
    ),
  )
})
