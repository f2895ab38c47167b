// Codes of threats (N41) and faults (F13) in code and tests are defined in docs/dev/threats.md.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const CODE = /\b([NF])(\d\d)(?: to [NF](\d\d))?\b/g

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mts)$/.test(file))
    .map((file) => join(folder, file))
}

/** Returns the codes that `text` mentions, each of a range such as "N01 to N22" included. */
function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].flatMap(([, letter = '', first = '', last = first]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, at) => `${letter}${String(Number(first) + at).padStart(2, '0')}`,
    ),
  )
}

const page = readFileSync(join(root, 'docs/dev/threats.md'), 'utf8')
const defined = [...page.matchAll(/^\| .* \(([NF]\d\d)\) \|/gm)].map(([, code = '']) => code)

test('defines each code once', () => {
  expect(defined.length).toBeGreaterThan(0)
  expect(new Set(defined).size).toBe(defined.length)
})

test('expands a range of codes', () => {
  expect(codesIn('rows N09 to N11, and F03')).toEqual(['N09', 'N10', 'N11', 'F03'])
})

test('code and tests mention only codes that are defined', () => {
  const files = ['extensions', 'src', 'test']
    .flatMap(sourcesBelow)
    .filter((file) => !/threats\.test/.test(file))
  const unknown = files.flatMap((file) =>
    codesIn(readFileSync(join(root, file), 'utf8'))
      .filter((code) => !defined.includes(code))
      .map((code) => `${file}: ${code}`),
  )
  expect(unknown).toEqual([])
})
