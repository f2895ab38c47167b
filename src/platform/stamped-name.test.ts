// File names in the native window: an existing file is never overwritten.
import { expect, it } from 'vitest'
import { stampedName } from './stamped-name.ts'

const at = Date.parse('2026-11-23T20:03:12.345Z')

it('inserts the time before the extension', () => {
  expect(stampedName('serena-24.log', at)).toBe('serena-24-20261123T200312345Z.log')
  expect(stampedName('serena', at)).toBe('serena-20261123T200312345Z')
  expect(stampedName('.log', at)).toBe('.log-20261123T200312345Z')
})

it('differs for every millisecond', () => {
  expect(stampedName('a.log', at + 1)).not.toBe(stampedName('a.log', at))
})
