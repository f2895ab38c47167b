// The name under which the window saves: the file that is there already stays as it is.
import { expect, it } from 'vitest'
import { stampedName } from './stamped-name.ts'

const at = Date.parse('2026-11-23T20:03:12.345Z')

it('stands before the ending, where there is one', () => {
  expect(stampedName('serena-24.log', at)).toBe('serena-24-20261123T200312345Z.log')
  expect(stampedName('serena', at)).toBe('serena-20261123T200312345Z')
  expect(stampedName('.log', at)).toBe('.log-20261123T200312345Z')
})

it('is another one a moment later', () => {
  expect(stampedName('a.log', at + 1)).not.toBe(stampedName('a.log', at))
})
