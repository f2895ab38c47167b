// Checks the links of all documents, and the document paths in code and configuration.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const SKIPPED = new Set(['node_modules', '.git', '.cache', 'dist', 'release', 'fixtures', 'test-results'])
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g
const NAMED = /\bdocs\/[\w./-]*\.(?:md|png|gif|svg)\b/g

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, pattern)
    return pattern.test(entry.name) ? [relative(root, path)] : []
  })
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')

/** Returns the anchors that GitHub makes of the headings of `text`. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ +(.*)$/gm)
  const slugs = [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
  return new Set(slugs)
}

/** Returns what is wrong with `link` of the document `file`; null: nothing. */
function problemOf(file: string, link: string): string | null {
  if (/^(https?|mailto):/.test(link)) return null
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(root, target))) return `${link}: no such file`
  if (anchor === undefined || anchorsOf(read(target)).has(anchor)) return null
  return `${link}: no such heading`
}

const documents = filesBelow(root, /\.md$/)

describe('links in documents', () => {
  test('finds the documents', () => {
    expect(documents).toContain('README.md')
    expect(documents.length).toBeGreaterThan(15)
  })

  test.each(documents)('%s has no broken link', (file) => {
    const links = [...withoutCode(read(file)).matchAll(LINK)].map(([, link = '']) => link)
    expect(links.map((link) => problemOf(file, link)).filter((problem) => problem !== null)).toEqual([])
  })

  test('finds a file and a heading that are missing', () => {
    expect(problemOf('README.md', 'docs/no-such-file.md')).toBe('docs/no-such-file.md: no such file')
    expect(problemOf('README.md', 'LICENSE#no-such-heading')).toBe('LICENSE#no-such-heading: no such heading')
  })
})

test('code, tests and scripts name documents that exist', () => {
  const sources = ['extensions', 'src', 'test', 'scripts', 'bench'].flatMap((folder) =>
    filesBelow(join(root, folder), /\.(ts|tsx|mjs|mts|css|html)$/),
  )
  const named = sources
    .filter((file) => file !== 'test/links.test.ts')
    .flatMap((file) => [...read(file).matchAll(NAMED)].map(([path]) => ({ file, path })))
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([])
})
