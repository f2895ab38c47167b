// Titles of tabs.
import { expect, it } from 'vitest'
import { formatLeftTitle, formatTitle } from './title.ts'

it.each([
  [
    { pid: 24284, port: 24282, project: { name: 'shop', path: null }, isProjectKnownAbsent: false },
    '24284 - shop',
  ],
  [{ pid: 24284, port: 24282, project: null, isProjectKnownAbsent: true }, '24284 - NO PROJECT'],
  [{ pid: 24284, port: null, project: null, isProjectKnownAbsent: false }, '24284 - PROJECT UNKNOWN'],
  [
    { pid: null, port: 24282, project: { name: 'shop', path: null }, isProjectKnownAbsent: false },
    ':24282 - shop',
  ],
  [
    { pid: null, port: null, project: { name: 'shop', path: null }, isProjectKnownAbsent: false },
    'hub - shop',
  ],
  [
    { pid: null, port: 24282, address: '127.0.0.2', project: null, isProjectKnownAbsent: true },
    '127.0.0.2:24282 - NO PROJECT',
  ],
])('%j is titled %s', (facts, title) => {
  expect(formatTitle(facts)).toBe(title)
})

it('a leftover names the project only if one was seen', () => {
  expect(formatLeftTitle(24301, { name: 'shop', path: null })).toBe('left over from shop (pid 24301)')
  expect(formatLeftTitle(24301, null)).toBe('left over from PROJECT UNKNOWN (pid 24301)')
})
