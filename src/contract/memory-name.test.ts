import { expect, test } from 'vitest'
import { memoryNameProblem } from './memory-name.ts'

test.each(['overview', 'style/conventions', 'global/notes', 'Übersicht', 'a.b', '日本語', 'x-1_y z'])(
  '%s is a name',
  (name) => {
    expect(memoryNameProblem(name)).toBeNull()
  },
)

test.each([
  '',
  '  ',
  '../../x',
  '/etc/x',
  'a//b',
  'a/',
  '..\\x',
  '%2e%2e%2f',
  'a\u0000b',
  'CON',
  'con.txt',
  'x/aux',
  'x:ads',
  'x'.repeat(300),
  'a/../b',
  '.',
  'a ',
  'a.',
  'x.md',
  'a\u202Eb',
])('%j is none', (name) => {
  expect(memoryNameProblem(name)).toMatch(/\w/)
})
