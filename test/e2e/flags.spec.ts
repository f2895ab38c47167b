// Flags in the page: their texts and fixes in the tab of the instance, within its width; ending an instance is offered, never done.
import { isAlive, markProcess } from '../helpers/processes.ts'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

const shop = { name: 'shop', path: '/srv/shop' }

test('two instances on one project: each shows the flag, a fix and a link to the other; ending it asks first', async ({
  deck,
}) => {
  const { page } = deck
  const old = await deck.standIn({ project: shop, version: '1.7.0' })
  const young = await deck.standIn({ project: shop })
  const mark = markProcess(young.pid)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await deck.tab(`${old.pid} - shop, live`).click()

  const notes = page.getByRole('list', { name: 'Flags' })
  await expect(notes.getByRole('listitem')).toHaveCount(3)
  await expect(notes).toContainText(`${young.pid} - shop`)
  await expect(notes.getByText('works on the same project.')).toBeVisible()
  await expect(notes.getByText('Its client also started')).toBeVisible()
  await expect(notes).toContainText(`This is Serena 1.7.0; ${young.pid} - shop runs 2.1.0.`)
  // One key press shows the risk and the fix.
  await expect(notes.getByText('Both write its memories')).toBeHidden()
  await notes.getByText('works on the same project.').click()
  await expect(notes.getByText('Both write its memories')).toBeVisible()
  await expect(notes.getByText('use a git worktree for one of them')).toBeVisible()
  // The text of the notes is not repeated above them.
  await expect(page.getByText('works on the same project')).toHaveCount(1)
  for (const word of ['collision', 'duplicate', 'outdated'])
    await expect(notes.getByText(word, { exact: true })).toBeVisible()
  await expect(notes.getByRole('button', { name: `Show ${young.pid} - shop` })).toHaveCount(1)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420)
  await expectNoViolations(page, 'the flags')

  await notes.getByRole('button', { name: `Show ${young.pid} - shop` }).click()
  await expect(deck.tab(`${young.pid} - shop, live`)).toHaveAttribute('aria-selected', 'true')
  await expect(notes.getByRole('listitem')).toHaveCount(2)
  expect(mark !== null && isAlive(mark)).toBe(true)
  expect(deck.complaints).toEqual([])
})

test('offers to end a zombie on the same project, and ends nothing before confirmation', async ({ deck }) => {
  const { page } = deck
  const hung = await deck.standIn({ project: shop, hangsAfterMs: 0, hangsAfterAnswers: 3 })
  const live = await deck.standIn({ project: shop, logLinesPerSecond: 1 })
  const mark = markProcess(hung.pid)
  await deck.open()
  await expect(deck.tab(`${hung.pid} - shop, hung`)).toBeVisible({ timeout: 40_000 })
  await deck.tab(`${live.pid} - shop, live`).click()
  const notes = page.getByRole('list', { name: 'Flags' })
  await notes.getByText('Its client also started').click()
  await expect(notes.getByText(`${hung.pid} - shop is a zombie (hung).`)).toBeVisible()
  await notes.getByRole('button', { name: `End ${hung.pid} - shop …` }).click()
  const dialog = page.getByRole('dialog', { name: `End ${hung.pid} - shop` })
  await expect(dialog.getByRole('checkbox')).toHaveCount(1)
  expect(mark !== null && isAlive(mark)).toBe(true)
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await expect(dialog.getByText('Ended 1 instance, freed')).toBeVisible({ timeout: 30_000 })
  expect(mark !== null && isAlive(mark)).toBe(false)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(notes).toHaveCount(0)
  await expect(deck.tab(`${live.pid} - shop, live`)).toBeVisible()
})
