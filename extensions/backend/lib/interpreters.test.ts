// The table of interpreters.
import { expect, it } from 'vitest'
import { interpreterKind, isInterpreter } from './interpreters.ts'

it.each([
  ['python3.12', 'python'],
  ['pythonw', 'python'],
  ['pypy3', 'python'],
  ['python3-dbg', 'python'],
  ['node', 'javascript'],
  ['Node', 'javascript'],
  ['bash', 'shell'],
  ['sh', 'shell'],
  ['perl5.38', 'ruby'],
  ['java', 'runtime'],
  ['electron31', 'electron'],
  ['Rscript', 'other'],
  ['pythonic', null],
  ['shell', null],
  ['nodemon', null],
  ['', null],
])('calls %j %j', (name, kind) => {
  expect(interpreterKind(name)).toBe(kind)
})

it('accepts only the given kinds', () => {
  expect(isInterpreter('zsh', 'python', 'shell')).toBe(true)
  expect(isInterpreter('zsh', 'python')).toBe(false)
  expect(isInterpreter('gopls', 'python', 'shell')).toBe(false)
})
