import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { TONES } from './mark.tsx'

const css = readFileSync('src/ui/tokens.css', 'utf8')

/** Returns the colors of a theme by name. */
function colorsOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name ?? '', hex ?? '']),
  )
}

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))

/** Returns the relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((channel) => {
    const part = channel / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Returns the color half way between two, as `color-mix` computes it. */
const between = (a: string, b: string): string => {
  const other = channels(b)
  const mixed = channels(a).map((channel, at) => Math.round((channel + (other[at] ?? 0)) / 2))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

describe.each([
  ['light', ':root'],
  ['dark', ':root[data-theme="dark"]'],
])('the %s theme', (_, selector) => {
  const colors = colorsOf(selector)
  const of = (name: string): string => {
    const color = colors[name]
    if (color === undefined) throw new Error(`no color ${name}`)
    return color
  }
  test.each(TONES)('text in %s is readable on the page and on each of its tints', (tone) => {
    const tints = [
      of('background'),
      of('surface'),
      of(`${tone}-soft`),
      between(of(`${tone}-soft`), of(`${tone}-strong`)),
      of(`${tone}-strong`),
    ]
    for (const tint of tints) expect(contrast(of(tone), tint), tint).toBeGreaterThanOrEqual(4.5)
  })
  test.each(['text', 'muted'])('%s is readable on the page and on a red row', (name) => {
    for (const tint of ['background', 'surface', 'hover', 'red-soft', 'accent-soft'])
      expect(contrast(of(name), of(tint)), tint).toBeGreaterThanOrEqual(4.5)
  })
  test('a selected tint differs from an unselected one, and both from the page', () => {
    for (const tone of TONES) {
      expect(contrast(of(`${tone}-soft`), of(`${tone}-strong`)), tone).toBeGreaterThan(1.1)
      expect(contrast(of(`${tone}-strong`), of('background')), tone).toBeGreaterThan(1.2)
    }
  })
})
