// What the page loads after its first render: the dialogs.
import { expect, test } from './deck-page.ts'

test('loads the dialogs after the first render, and retries a failed load when one is opened', async ({
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
  // The preload fails; opening a dialog loads again.
  await expect.poll(() => asked).toBeGreaterThan(0)
  await page.keyboard.press('?')
  await expect(page.getByText('Cannot load this part of the page.')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  isRefused = false
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})
