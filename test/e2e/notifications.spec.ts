// Desktop notifications of the page.
import { FIRST_DEAD, writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

/** Records the desktop notifications of the page, and shows them as well. */
const record = (): void => {
  const notifications: { title: string; body: string | undefined }[] = []
  const Real = window.Notification
  class Recorded extends Real {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      notifications.push({ title, body: options?.body })
    }
  }
  Object.assign(window, { Notification: Recorded, notifications })
}
const TITLES = 'window.notifications.map(({ title }) => title)'

test('notifications are off by default; when on, each new zombie causes one notification', async ({
  deck,
}) => {
  const { page } = deck
  await page.context().grantPermissions(['notifications'])
  await page.addInitScript(record)
  const hung = { hangsAfterMs: 0, hangsAfterAnswers: 3 }
  const first = await deck.standIn({ project: { name: 'first', path: '/srv/first' }, ...hung })
  await deck.open()
  await expect(deck.tab(`${first.pid} - first, hung`)).toBeVisible({ timeout: 40_000 })
  expect(await page.evaluate(TITLES)).toEqual([])

  await page.getByRole('button', { name: 'Menu' }).click()
  const item = page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' })
  await expect(item).not.toBeChecked()
  await item.click()
  await expect(item).toBeChecked()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Desktop notifications are on.')).toBeVisible()

  const second = await deck.standIn({ project: { name: 'second', path: '/srv/second' }, ...hung })
  await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible({ timeout: 40_000 })
  await expect.poll(() => page.evaluate(TITLES)).toEqual([`${second.pid} - second: hung`])
  // After a reload the setting is kept, and a zombie that existed before causes no notification.
  await page.reload()
  await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible()
  writeDeadEntries(deck.serenaHome, 1)
  await expect.poll(() => page.evaluate(TITLES)).toEqual([`${FIRST_DEAD + 1} - p1: dead`])
  await page.getByRole('button', { name: 'Menu' }).click()
  await expect(item).toBeChecked()
})

test('notifications stay off when the browser blocks them', async ({ deck }) => {
  const { page } = deck
  await page.addInitScript(() => {
    Object.defineProperty(window.Notification, 'permission', { get: () => 'denied' })
  })
  await deck.open()
  await page.getByRole('button', { name: 'Menu' }).click()
  const item = page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' })
  await item.click()
  await expect(page.getByText('The browser blocks notifications.')).toBeVisible()
  await expect(item).not.toBeChecked()
})
