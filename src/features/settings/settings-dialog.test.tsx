import { afterEach, expect, test, vi } from 'vitest'
import { type HomeSettings, NO_OWN_SETTINGS, type SettingsView } from '#contract/settings'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { ConfigurationDialog } from './configuration-dialog.tsx'
import { SettingsDialog } from './settings-dialog.tsx'

// The dialog library computes many styles, which is slow in jsdom on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let page: TestPage
afterEach(() => page.dispose())

const home: HomeSettings = {
  serenaHome: '/home/ana/.serena',
  file: '/home/ana/.serena/serena_config.yml',
  exists: true,
  settings: [
    { key: 'web_dashboard_open_on_launch', value: null, source: 'default' },
    { key: 'zombie_prune_minutes', value: '.inf', source: 'home' },
  ],
  problems: ['Line 3 is not valid.'],
}
const view: SettingsView = {
  schema: 1,
  own: NO_OWN_SETTINGS,
  ownFile: '/home/ana/.config/serena-deck/settings.json',
  ownProblems: [],
  push: { state: 'off', port: 24_281 },
  homes: [home],
  clientFlags: [
    {
      client: 'Codex',
      file: '/home/ana/.codex/config.toml',
      flag: '--open-web-dashboard true',
      effect: 'opens',
    },
  ],
}
const show = (answers: Answers = {}): TestPage =>
  renderPage(() => <SettingsDialog onClose={() => undefined} />, {
    answers: { settings: () => view, ...answers },
  })
const select = (label: string, value: string): void => {
  const field = page.get<HTMLSelectElement>(label)
  field.value = value
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

test('shows each value with its source, and what clients override', async () => {
  page = show()
  await page.see('Serena home ~/.serena')
  expect(page.text()).toContain('Line 3 is not valid.')
  expect(page.get<HTMLInputElement>('Time before zombies are pruned (minutes)').value).toBe('never')
  expect(page.text()).toContain('Codex starts Serena with --open-web-dashboard true')
  expect(page.text()).toContain('Remove this flag to stop the pop-ups.')
})

test('saves a setting of Serena Deck immediately', async () => {
  page = show({ changeOwnSettings: () => view })
  await page.see("Replace Serena's tray icon")
  select("Replace Serena's tray icon", 'true')
  await expect.poll(() => page.announced).toEqual(['Saved.'])
  expect(page.calls.at(-1)).toMatchObject({ name: 'changeOwnSettings', body: { receivePush: true } })
})

test('writes serena_config.yml only after its changes were shown', async () => {
  const preview = {
    diff: [' a', '+web_dashboard_open_on_launch: false'],
    etag: 'E',
    hash: 'H',
    problem: null,
  }
  page = show({ previewHomeSettings: () => preview, saveHomeSettings: () => view })
  await page.see('Stop the pop-ups …')
  page.click('Stop the pop-ups …')
  await page.see('+web_dashboard_open_on_launch: false')
  expect(page.calls.map(({ name }) => name)).toEqual(['settings', 'previewHomeSettings'])
  page.click('Save')
  await expect.poll(() => page.calls.at(-1)?.name).toBe('saveHomeSettings')
  expect(page.calls.at(-1)?.body).toEqual({
    serenaHome: home.serenaHome,
    change: { web_dashboard_open_on_launch: false },
    etag: 'E',
    hash: 'H',
  })
})

test('rejects an invalid number without a request', async () => {
  page = show()
  await page.see('Serena home ~/.serena')
  const field = page.get<HTMLInputElement>('Time before zombies are pruned (minutes)')
  field.value = 'half'
  field.dispatchEvent(new Event('change', { bubbles: true }))
  expect(field.validationMessage).toBe('Invalid value.')
  expect(page.calls).toHaveLength(1)
})

test('saves the configuration with the hash of the preview that was shown', async () => {
  page = renderPage(
    () => <ConfigurationDialog instanceId="1-a" instanceTitle="1 - shop" onClose={() => undefined} />,
    {
      answers: {
        configuration: () => ({ text: 'a: 1\n', etag: 'E' }),
        previewConfiguration: () => ({ diff: ['-a: 1', '+a: 2'], hash: 'H', problem: null }),
        saveConfiguration: () => ({ text: 'a: 2\n', etag: 'F' }),
      },
    },
  )
  await page.see('Review changes')
  await expect.poll(() => document.querySelector('textarea')?.value).toBe('a: 1\n')
  expect(page.get<HTMLButtonElement>('Review changes').disabled).toBe(true)
  page.type('Configuration', 'a: 2\n')
  page.click('Review changes')
  await page.see('+a: 2')
  page.click('Save')
  await expect.poll(() => page.announced.length).toBe(1)
  expect(page.calls.at(-1)?.body).toEqual({ text: 'a: 2\n', etag: 'E', hash: 'H' })
})

test('closed while it saves, asks about the changes, and closes when they are saved', async () => {
  let finish: (answer: { text: string; etag: string }) => void = () => undefined
  let isClosed = false
  page = renderPage(
    () => <ConfigurationDialog instanceId="1-a" instanceTitle="1 - shop" onClose={() => (isClosed = true)} />,
    {
      answers: {
        configuration: () => ({ text: 'a: 1\n', etag: 'E' }),
        previewConfiguration: () => ({ diff: ['-a: 1', '+a: 2'], hash: 'H', problem: null }),
        saveConfiguration: () => new Promise((resolve) => (finish = resolve)),
      },
    },
  )
  await expect.poll(() => document.querySelector('textarea')?.value).toBe('a: 1\n')
  page.type('Configuration', 'a: 2\n')
  page.click('Review changes')
  await page.see('+a: 2')
  page.click('Save')
  await expect.poll(() => page.calls.at(-1)?.body).toMatchObject({ hash: 'H' })
  page.click('Close')
  await page.see('Discard unsaved changes?')
  expect(isClosed).toBe(false)
  finish({ text: 'a: 2\n', etag: 'F' })
  await expect.poll(() => isClosed).toBe(true)
})
