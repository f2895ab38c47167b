// What the page loads after its first look: the dialogs.
import { expect, test } from './deck-page.ts'

test('the first look does without the dialogs; they come by themselves; one that fails to come is asked for anew', async ({
  deck,
}) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  let asked = 0
  let isRefused = true
  await page.route(/page-dialogs-.*\.js$/, (route) => {
    asked += 1
    return isRefused ? route.abort() : route.continue()
  })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  // By itself, in vain; then because somebody wants one.
  await expect.poll(() => asked).toBeGreaterThan(0)
  await page.keyboard.press('?')
  await expect(page.getByText('This part of the page could not be loaded.')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  isRefused = false
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})
