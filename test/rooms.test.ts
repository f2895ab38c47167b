// Tests the import rules between the rooms with the real lint configuration: each with a forbidden import.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ESLint, Linter } from 'eslint'
import { describe, expect, test } from 'vitest'
import { BACKEND, PAGE } from '../rooms.mjs'
import { ARCHITECTURE, renderArchitecture } from '../scripts/docs-architecture.mjs'

const root = join(import.meta.dirname, '..')
const eslint = new ESLint({ cwd: root })
const linter = new Linter()
const WALLS = ['no-restricted-imports', 'no-restricted-syntax'] as const

/** Returns the names of the wall rules that the real configuration of `file` reports for `code`. */
async function reportsFor(file: string, code: string): Promise<string[]> {
  const { rules } = (await eslint.calculateConfigForFile(join(root, file))) as { rules: Linter.RulesRecord }
  const inForce = Object.fromEntries(WALLS.map((name) => [name, rules[name] ?? 'off']))
  const messages = linter.verify(code, [{ files: ['**'], rules: inForce }], { filename: 'planted.js' })
  expect(messages.filter(({ fatal }) => fatal)).toEqual([])
  return messages.map(({ ruleId }) => ruleId ?? '')
}

const names = BACKEND.map(([name]) => name)
const above = names.flatMap((room, at) => names.slice(at + 1).map((higher) => [room, higher] as const))
const below = names.flatMap((room, at) => names.slice(0, at).map((lower) => [room, lower] as const))

describe('the rooms of the backend', () => {
  test.each(above)('%s refuses an import of %s', async (room, higher) => {
    const file = `extensions/backend/${room}/planted.ts`
    const nested = `extensions/backend/${room}/inner/planted.ts`
    expect(await reportsFor(file, `import '../${higher}/x.ts'`)).toEqual(['no-restricted-imports'])
    expect(await reportsFor(file, `export * from '../${higher}/x.ts'`)).toEqual(['no-restricted-imports'])
    expect(await reportsFor(file, `import('../${higher}/x.ts')`)).toEqual(['no-restricted-syntax'])
    expect(await reportsFor(nested, `import '../../${higher}/x.ts'`)).toEqual(['no-restricted-imports'])
  })

  test.each(below)('%s may import %s', async (room, lower) => {
    const code = `import '../${lower}/x.ts'; import('../${lower}/inner/x.ts'); import './x.ts'`
    expect(await reportsFor(`extensions/backend/${room}/planted.ts`, code)).toEqual([])
  })

  test.each(names)('%s refuses the page and accepts the contract', async (room) => {
    const file = `extensions/backend/${room}/planted.ts`
    expect(await reportsFor(file, `import '../../../src/state/x.ts'`)).toEqual(['no-restricted-imports'])
    expect(await reportsFor(file, `import '#contract/errors'`)).toEqual([])
    const fixture = `import '#contract/instance.fixture'`
    expect(await reportsFor(file, fixture)).toEqual(['no-restricted-imports'])
    expect(await reportsFor(`extensions/backend/${room}/planted.test.ts`, fixture)).toEqual([])
  })
})

test('a signal outside os/signals.ts is refused in every room', async () => {
  for (const room of names.filter((name) => name !== 'demo'))
    expect(await reportsFor(`extensions/backend/${room}/planted.ts`, 'process.kill(1)')).toEqual([
      'no-restricted-syntax',
    ])
  expect(await reportsFor('extensions/backend/os/signals.ts', 'process.kill(1)')).toEqual([])
})

describe('the layers of the page', () => {
  const layers = PAGE.map(([name]) => name)
  test.each([
    ['contract', '../state/x.ts'],
    ['contract', 'solid-js'],
    ['platform', '../client/x.ts'],
    ['client', '../state/x.ts'],
    ['state', '../ui/x.tsx'],
    ['state', '../platform/x.ts'],
    ['ui', '../state/x.ts'],
    ['ui', '#contract/instance'],
    ...layers.filter((name) => name !== 'features').map((name) => [name, '../features/x/x.tsx']),
  ])('%s refuses %s', async (layer, specifier) => {
    expect(await reportsFor(`src/${layer}/planted.ts`, `import '${specifier}'`)).toEqual([
      'no-restricted-imports',
    ])
  })

  test.each([
    ['history', '../zombies/x.ts'],
    ['dashboard', '../history/x.tsx'],
    ['dashboard', '../../app.tsx'],
    ['zombies', '../../../extensions/backend/os/paths.ts'],
  ])('the feature %s refuses %s', async (feature, specifier) => {
    expect(await reportsFor(`src/features/${feature}/planted.ts`, `import '${specifier}'`)).toEqual([
      'no-restricted-imports',
    ])
  })
})

test('docs/dev/architecture.md shows the rooms and their imports (node scripts/docs-architecture.mjs)', () => {
  const text = readFileSync(join(root, ARCHITECTURE), 'utf8')
  expect(renderArchitecture(text)).toBe(text)
})
