import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandLineDocs } from './command-docs.ts'

test('docs/command-line.md is up to date (npm run docs)', () => {
  const file = new URL('../../../docs/command-line.md', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(commandLineDocs())
})
