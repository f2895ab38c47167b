// Typed text stays in the page when the backend exits or restarts.
import { startBackend } from '../helpers/backend.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { expect, test } from './deck-page.ts'

const EXPIRED = 'This link has expired. Run serena-deck open to get a new one.'

for (const [kind, open, label] of [
  ['a memory', 'New memory …', 'Content'],
  ["Serena's configuration", "Edit Serena's configuration …", 'Configuration'],
] as const) {
  test(`${kind}: keeps typed text through a kill and restart of the backend, and can copy it`, async ({
    deck,
  }) => {
    const { page, backend, scope, serenaHome } = deck
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await deck.standIn({ project: { name: 'shop', path: serenaHome } })
    await deck.open()
    await deck.tab(/shop/).click()
    if (label === 'Configuration') await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole(label === 'Configuration' ? 'menuitem' : 'button', { name: open }).click()
    const dialog = page.getByRole('dialog')
    const field = dialog.getByLabel(label)
    await field.fill('typed: for ten minutes\n')

    const mark = markProcess(backend.pid)
    if (mark !== null) signalProcess(mark, 'SIGKILL')
    await expect(dialog.getByText('Lost connection to Serena Deck.')).toBeVisible()
    await expect(field).toHaveValue('typed: for ten minutes\n')
    await dialog.getByRole('button', { name: 'Copy unsaved text' }).click()
    await expect(page.getByText('Copied the unsaved text.')).toBeVisible()

    await startBackend(scope, {
      homes: [serenaHome],
      stateFolder: backend.stateFolder,
      port: null,
      args: ['--port', new URL(backend.url).port],
    })
    await expect(dialog.getByText(EXPIRED)).toBeVisible()
    await expect(field).toHaveValue('typed: for ten minutes\n')
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await dialog.getByRole('button', { name: 'Copy unsaved text' }).click()
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe('typed: for ten minutes\n')

    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await dialog.getByRole('button', { name: 'Discard' }).click()
    await expect(page.getByRole('main').getByText(EXPIRED)).toBeVisible()
  })
}
