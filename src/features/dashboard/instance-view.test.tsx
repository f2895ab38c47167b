import { afterEach, expect, test } from 'vitest'
import type { FlagNote, Instance } from '#contract/instance'
import { instance as makeInstance } from '#contract/instance.fixture'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { InstanceView } from './instance-view.tsx'

let page: TestPage
afterEach(() => page.dispose())

const show = (instance: Instance, others: Instance[] = []): TestPage =>
  renderPage(
    () => (
      <InstanceView
        instance={instance}
        view="overview"
        onView={() => undefined}
        panels={{ overview: () => 'OVERVIEW', logs: () => 'LOGS', stats: () => 'STATS' }}
        history={() => 'HISTORY'}
        clients={() => 'CLIENTS'}
      />
    ),
    { instances: [instance, ...others] },
  )

test('shows verdict, facts and the selected view', () => {
  page = show(makeInstance(1, { flags: ['slow'] }))
  expect(page.text()).toContain('It answers.')
  expect(page.text()).toContain('Memory612 MB in 3 processes')
  expect(page.get<HTMLAnchorElement>('24282').href).toBe('http://127.0.0.1:24282/dashboard/')
  expect(document.querySelector('.verdict .flag')?.getAttribute('title')).toBe(
    'It did not answer the last probe.',
  )
  expect(page.text()).toContain('OVERVIEW')
  expect(page.text()).not.toContain('LOGS')
})

test('shows the clients of an instance that is asleep, and no menu', () => {
  page = show(
    makeInstance(2, { pid: null, port: null, state: 'asleep', title: 'hub - shop', hubSerena: 's1' }),
  )
  expect(page.text()).toContain('CLIENTS')
  expect(page.text()).toContain('It has no process while it is asleep.')
  expect(() => page.get('Actions for hub - shop')).toThrow()
})

test('shows a dead instance without views and without a link to its stale port', () => {
  page = show(makeInstance(2, { state: 'dead' }))
  expect(page.text()).toContain('This instance has no dashboard.')
  expect(page.text()).toContain('HISTORY')
  expect(document.querySelector('a')).toBeNull()
  expect(page.text()).not.toContain('Age')
})

test('offers to end the unused duplicate, and to show the other instances', () => {
  const other = makeInstance(4, { title: '4 - shop' })
  const note: FlagNote = {
    flag: 'duplicate',
    text: 'Its client also started 4 - shop.',
    more: '',
    advice: 'End one.',
    others: [other.id, 'not-listed'],
    unused: other.id,
  }
  page = show(makeInstance(3, { flags: ['duplicate'], flagNotes: [note] }), [other])
  page.click('End 4 - shop …')
  expect(page.opened).toEqual([{ kind: 'ending', title: 'End 4 - shop', ids: [other.id] }])
  page.click('Show 4 - shop')
  expect(page.selected).toEqual([other.id])
  expect(page.text()).not.toContain('not-listed')
})
