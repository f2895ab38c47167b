// Words that the project does not use (docs/dev/decisions.md, "Language").
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const WORDS = /\b(somebody|anew|whoever|wire|nobody)\b/i
/** The user of that name on Unix. */
const UNIX_USER = /user nobody|`nobody`|\bNOBODY\b|group id of nobody/

const files = execFileSync('git', ['ls-files', 'extensions', 'src', 'docs', 'scripts', 'bench', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => /\.(ts|tsx|mjs|md|css)$/.test(file))

test('code and documents use the standard words', () => {
  expect(files.length).toBeGreaterThan(500)
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        WORDS.test(line.replace(UNIX_USER, '')) ? [`${file}:${at + 1}: ${line.trim()}`] : [],
      ),
  )
  expect(found).toEqual([])
})
