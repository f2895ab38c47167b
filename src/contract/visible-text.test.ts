// What others wrote is shown as it is, and what hides in it is shown too.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleLine, visibleText } from './visible-text.ts'

describe('visibleText', () => {
  it.each([
    ['plain text, ümläüte, 日本語 and 👩‍💻 joined', 'plain text, ümläüte, 日本語 and 👩\\u{200D}💻 joined'],
    ['a\u202Eb', 'a\\u{202E}b'],
    ['zero\u200Bwidth\uFEFF', 'zero\\u{200B}width\\u{FEFF}'],
    ['\u001b]8;;http://evil\u0007x', '\\u{001B}]8;;http://evil\\u{0007}x'],
    ['\u009b2J\u0000\b\r', '\\u{009B}2J\\u{0000}\\u{0008}\\u{000D}'],
    ['tag\u{E0041}', 'tag\\u{E0041}'],
    ['lone \ud800 half', 'lone \\u{D800} half'],
    ['<img onerror=x>', '<img onerror=x>'],
    ['a\tb\nc', 'a\tb\nc'],
  ])('%j', (given, seen) => {
    expect(visibleText(given)).toBe(seen)
  })

  it('keeps names on one line', () => {
    expect(visibleLine('a\tb\nc')).toBe('a\\u{0009}b\\u{000A}c')
  })

  it('leaves no control, bidi or zero-width character in any text, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff })), (points) => {
        const text = String.fromCodePoint(...points)
        const seen = visibleText(text)
        expect(seen.replace(/[\t\n]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(visibleText(seen)).toBe(seen)
      }),
      { numRuns: 300 },
    )
  })
})
