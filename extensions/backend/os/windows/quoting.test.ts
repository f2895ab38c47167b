// Whatever stands in a path comes out again as it went in: each writing is read back by a reader of that place.
import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  desktopExec,
  desktopString,
  powershellString,
  registryString,
  shellWord,
  systemdWord,
  windowsWord,
} from '../../lib/quoting.ts'
import { splitCommandLine } from './split-command-line.ts'

const AWKWARD = [
  '/home/ana/my projects/node',
  `/it's "quoted"/\`echo\`/$HOME/100%/%f %U`,
  '/back\\slash\\',
  '/trailing\\\\',
  '/ünï/日本語/🃏',
  '/tab\tnew\nline\rreturn',
  ' leading and trailing ',
  '-dash',
  '',
  '~;&|<>*?#()[]{}!^',
]
/** No NUL: neither paths nor arguments can hold one. */
const text = fc.string({ unit: 'binary', maxLength: 30 }).map((value) => value.replaceAll('\0', ''))
const words = fc.array(text, { minLength: 1, maxLength: 5 })

function readDesktopString(value: string): string {
  const meaning: Record<string, string> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' }
  return value.replace(/\\(.)/gs, (_, letter: string) => meaning[letter] ?? `\\${letter}`)
}

/** A reader of Exec written after the specification: the value's escapes, then quotes, then field codes. */
function readExec(value: string): string[] {
  const line = readDesktopString(value)
  const found: string[] = []
  for (const [, inside] of line.matchAll(/"((?:\\["`$\\]|[^"`$\\])*)"(?: |$)/gs)) {
    const word = (inside ?? '').replace(/\\(["`$\\])/g, '$1')
    if (/%(?!%)/.test(word.replaceAll('%%', ''))) throw new Error(`field code in ${word}`)
    found.push(word.replaceAll('%%', '%'))
  }
  return found
}

describe('a desktop entry', () => {
  it('holds any words', () => {
    expect(readExec(desktopExec(AWKWARD))).toEqual(AWKWARD)
    fc.assert(
      fc.property(words, (list) => {
        expect(readExec(desktopExec(list))).toEqual(list)
      }),
    )
  })

  it('holds any value on one line', () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = desktopString(value)
        expect(written).not.toMatch(/[\n\r]|^ /)
        expect(readDesktopString(written)).toBe(value)
      }),
    )
  })

  it('reads as the specification shows it', () => {
    expect(desktopExec(['/opt/a b/node', '--x=50%', '$', '\\'])).toBe(
      String.raw`"/opt/a b/node" "--x=50%%" "\\$" "\\\\"`,
    )
  })
})

it('a word is read back unchanged from a Windows command line', () => {
  const inCommandLine = (list: string[]): string[] =>
    splitCommandLine(['C:\\node.exe', ...list].map(windowsWord).join(' '))
  expect(inCommandLine(AWKWARD).slice(1)).toEqual(AWKWARD)
  fc.assert(
    fc.property(words, (list) => {
      expect(inCommandLine(list).slice(1)).toEqual(list)
    }),
  )
  expect(windowsWord('C:\\Program Files\\')).toBe('"C:\\Program Files\\\\"')
})

it('a word is read back unchanged from a systemd unit', () => {
  const meaning: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }
  const read = (written: string): string =>
    written
      .slice(1, -1)
      .replace(/\\(.)/gs, (_, letter: string) => meaning[letter] ?? '?')
      .replaceAll('%%', '%')
  fc.assert(
    fc.property(text, (value) => {
      const written = systemdWord(value)
      expect(written).toMatch(/^"(?:\\[nrt"\\]|%%|[^"\\%\n\r])*"$/s)
      expect(read(written)).toBe(value)
    }),
  )
})

it('a registry value is read back unchanged', () => {
  const read = (written: string): string => written.slice(1, -1).replace(/\\(["\\])/g, '$1')
  fc.assert(
    fc.property(text, (value) => {
      const written = registryString(value)
      expect(written).toMatch(/^"(?:\\["\\]|[^"\\])*"$/s)
      expect(read(written)).toBe(value)
    }),
  )
})

it('a PowerShell literal ends only where it should', () => {
  const read = (written: string): string => written.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, '$1')
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '\u2018', '\u2019', '\u201b', 'a', '$', '`', '"') }),
      (value) => {
        const written = powershellString(value)
        expect(written).toMatch(/^'(?:(['\u2018-\u201b])\1|[^'\u2018-\u201b])*'$/)
        expect(read(written)).toBe(value)
      },
    ),
  )
})

it.skipIf(process.platform === 'win32')('a word is read back unchanged from a real shell', () => {
  const echoed = (list: readonly string[]): string[] =>
    execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${list.map(shellWord).join(' ')}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1)
  expect(echoed(AWKWARD)).toEqual(AWKWARD)
  fc.assert(
    fc.property(words, (list) => {
      expect(echoed(list)).toEqual(list)
    }),
    { numRuns: 30 },
  )
})
