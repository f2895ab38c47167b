import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('quotes where it is needed', () => {
  expect(
    csvOf([
      ['Tool', 'Calls'],
      ['a, "b"', '-3'],
    ]),
  ).toBe('Tool,Calls\r\n"a, ""b""",-3\r\n')
})

test('prevents a name from running as a formula', () => {
  expect(csvOf([['=1+1', '@x', '-cmd', '+3']])).toBe("'=1+1,'@x,'-cmd,'+3\r\n")
})
