import { createSignal } from 'solid-js'
import { afterEach, expect, test } from 'vitest'
import { instance as makeInstance } from '#contract/instance.fixture'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { ConfigurationFacts } from './configuration-facts.tsx'
import { overview } from './overview.fixture.ts'

let page: TestPage
afterEach(() => page.dispose())

test('the language being typed is kept when data arrives', async () => {
  const [known, setKnown] = createSignal(overview)
  page = renderPage(() => <ConfigurationFacts instance={makeInstance(1)} overview={known()} />, {
    answers: { languages: () => ({ isAvailable: true, data: { languages: ['go', 'rust'] } }) },
  })
  page.click('Add …')
  await page.see('Serena downloads the language server')
  page.type('Language to add', 'ru')
  setKnown({ ...overview, client: 'claude', toolCalls: [{ tool: 'read_file', calls: 4 }] })
  expect(page.text()).toContain('claude')
  expect(page.get<HTMLInputElement>('Language to add').value).toBe('ru')
})
