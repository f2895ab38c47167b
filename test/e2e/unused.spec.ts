// Many instances of one client on one project: one row that expands, and a preview before unused ones are ended.
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

const COUNT = 6
const HOUR_MS = 3_600_000

test(`shows one row for ${COUNT} instances of one client; ends unused ones only after a preview`, async ({
  deck,
}) => {
  const { page } = deck
  const options = { project: { name: 'big', path: '/srv/big' } }
  await Promise.all(Array.from({ length: COUNT }, () => deck.standIn(options)))
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await expect.poll(async () => (await deck.backend.call('sweep')).instances.length).toBe(COUNT + 1)
  await page.setViewportSize({ width: 420, height: 800 })
  await page.clock.setFixedTime(Date.now() + 2 * HOUR_MS)
  await deck.open()
  const row = page.getByRole('button', { name: new RegExp(`${COUNT} × .+ for big · ${COUNT} never used`) })
  await expect(row).toHaveAttribute('aria-expanded', 'false')
  await expect(page.locator('.all__row')).toHaveCount(1)
  await expect(page.locator('.all__row')).toContainText('no MCP message for 2 h')
  // No text of the row is cut off.
  for (const [width, colorScheme] of [
    [420, 'dark'],
    [900, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await expectNoViolations(page, `${width} px, ${colorScheme}`)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }

  await row.click()
  await expect(page.locator('.all__row')).toHaveCount(COUNT + 1)
  await row.click()
  await page.getByRole('button', { name: `End ${COUNT} unused …` }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(COUNT)
  await expect(dialog).toContainText('is running; ending the instance removes Serena')
  await expect(dialog).not.toContainText(' - shop')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'End unused instances' }).click()
  await page.getByRole('menuitem', { name: `No MCP message for 1 h: end ${COUNT + 1} …` }).click()
  await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(COUNT + 1)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect((await deck.backend.call('sweep')).instances).toHaveLength(COUNT + 1)
  expect(deck.complaints).toEqual([])
})
