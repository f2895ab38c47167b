import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withRouteTable } from './route-docs.ts'

test('the route table of docs/dev/http.md is up to date (npm run docs)', () => {
  const document = readFileSync(new URL('../../../docs/dev/http.md', import.meta.url), 'utf8')
  expect(document).toContain('| identity | `GET /api/identity?challenge` | open |')
  expect(withRouteTable(document)).toBe(document)
})

test('a document without a place for the table is an error', () => {
  expect(() => withRouteTable('# HTTP API\n')).toThrow('<!-- routes --> … <!-- /routes --> is missing.')
})
