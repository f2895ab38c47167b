import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCommandLine } from './split-command-line.ts'

/** The algorithm that Microsoft, libuv and Python's `list2cmdline` quote by. */
function quote(argument: string): string {
  if (argument !== '' && !/[ \t"]/.test(argument)) return argument
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')
  return `"${escaped}"`
}

describe('splitCommandLine', () => {
  // The table of "Parsing C command-line arguments" (learn.microsoft.com/cpp/c-language), whole.
  it.each([
    ['"a b c" d e', ['a b c', 'd', 'e']],
    [String.raw`"ab\"c" "\\" d`, ['ab"c', '\\', 'd']],
    [String.raw`a\\\b d"e f"g h`, [String.raw`a\\\b`, 'de fg', 'h']],
    [String.raw`a\\\"b c d`, [String.raw`a\"b`, 'c', 'd']],
    [String.raw`a\\\\"b c" d e`, [String.raw`a\\b c`, 'd', 'e']],
    ['a"b"" c d', ['ab" c d']],
  ])('splits %s as documented', (text, expected) => {
    expect(splitCommandLine(`args.exe ${text}`)).toEqual(['args.exe', ...expected])
  })

  it.each([
    [String.raw`"C:\Program Files\uv\uvx.exe" x`, [String.raw`C:\Program Files\uv\uvx.exe`, 'x']],
    [String.raw`"C:\dir\" x`, ['C:\\dir\\', 'x']],
    [String.raw`C:\a\\b.exe x`, [String.raw`C:\a\\b.exe`, 'x']],
    ['C:\\Prog"ram Fi"les\\x.exe\ty', ['C:\\Program Files\\x.exe', 'y']],
    ['x.exe', ['x.exe']],
    ['x.exe  \t ', ['x.exe']],
    ['x.exe "" y', ['x.exe', '', 'y']],
    ['x.exe "open end', ['x.exe', 'open end']],
    ['x.exe a\\', ['x.exe', 'a\\']],
    ['x.exe --project "C:\\ü\\日本\\\\"', ['x.exe', '--project', 'C:\\ü\\日本\\']],
    ['x.exe a^b %PATH%', ['x.exe', 'a^b', '%PATH%']],
    ['x.exe a\0b c', ['x.exe', 'a']],
    ['', []],
  ])('splits %j', (text, expected) => {
    expect(splitCommandLine(text)).toEqual(expected)
  })

  it('gives back what was quoted', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', ' ', '\t', 'a', 'ü', '😀', '^', '%', "'") })
    fc.assert(
      fc.property(fc.array(text), (given) => {
        const line = ['C:\\x y\\z.exe', ...given].map(quote).join(' ')
        expect(splitCommandLine(line)).toEqual(['C:\\x y\\z.exe', ...given])
      }),
      { numRuns: 1000 },
    )
  })

  it('accepts any input, and invents no characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(splitCommandLine(text).join('').length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
