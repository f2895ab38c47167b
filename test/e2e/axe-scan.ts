// Accessibility of the page as it is shown, checked by axe.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './deck-page.ts'

/** The rules whose result depends on the theme. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block']

const SIZES = [
  [420, 760],
  [1400, 900],
] as const

interface Scan {
  /** Run only these; default: all. */
  rules?: string[]
  /** Rules that do not apply here. */
  without?: string[]
}

/** Expects no violation on the page as it is. */
export async function expectNoViolations(
  page: Page,
  where: string,
  { rules, without = [] }: Scan = {},
): Promise<void> {
  // The page has no frames, audio or video: a scan of one document takes a third of the time.
  const builder = new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'], preload: false })
  const { violations } = await (rules ? builder.withRules(rules) : builder).disableRules(without).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  expect(found, where).toEqual([])
}

/** Expects no violation at each size: all rules in the light theme, those for colors also in the dark one. */
export async function expectNoViolationsInThemes(
  page: Page,
  where: string,
  {
    sizes = SIZES,
    without = [],
  }: { sizes?: readonly (readonly [number, number])[]; without?: string[] } = {},
): Promise<void> {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: 'light' })
    await expectNoViolations(page, `${where}, ${width} px, light`, { without })
    await page.emulateMedia({ colorScheme: 'dark' })
    await expectNoViolations(page, `${where}, ${width} px, dark`, { rules: COLOR_RULES })
  }
}
