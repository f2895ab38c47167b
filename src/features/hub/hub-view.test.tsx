import { afterEach, expect, test } from 'vitest'
import type { HubStatus } from '#contract/hub'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import type { Instance } from '#contract/instance'
import { instance as makeInstance } from '#contract/instance.fixture'
import { type Answers, renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { ClientSection } from './client-section.tsx'
// Loaded before the tests: each waits only for the answers.
import './hub-picture.tsx'
import { HubView } from './hub-view.tsx'

let page: TestPage
afterEach(() => page.dispose())

const [first, second] = [
  hubClient({ folder: '/home/ana/shop', running: 1, lastCallAt: '2026-11-23T11:58:00.000Z' }),
  hubClient({ id: 'c2', name: 'cursor-vscode', connectedAt: '2026-11-23T09:00:00.000Z', waiting: 2 }),
]
const shared = makeInstance(7, {
  hubSerena: 's1',
  clients: [{ name: 'Claude Code', pid: 30 }, { name: 'Cursor' }],
})
const running = hubSerena({ state: 'running', pid: 7, memoryBytes: 612e6, clients: [first, second] })
const hub = hubStatus({
  savedBytes: 612e6,
  serenas: [running, hubSerena({ id: 's2', project: { name: 'billing', path: null } })],
})
const show = (status: HubStatus | null, instances: Instance[] = [shared], answers: Answers = {}): TestPage =>
  renderPage(() => <HubView instances={instances} />, { hub: status, instances, answers })
const texts = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((one) => one.textContent ?? '')

test('shows the clients with their programs, the Serenas and the memory saved', async () => {
  page = show(hub)
  await page.see('2 clients on 2 Serenas · 1 asleep · 1 running, 2 waiting · 612 MB saved by sharing')
  expect(texts('.hub-clients__name')).toEqual(['Claude Code1 call running', 'Cursor2 calls waiting'])
  expect(texts('.hub-clients__times')).toEqual([
    'connected 4 h ago · last call 2 min ago',
    'connected 3 h ago · no call yet',
  ])
  expect(texts('.hub-serena__state')).toEqual(['live', 'asleep'])
  expect(document.querySelectorAll('.hub-map__link')).toHaveLength(2)
  expect(page.text()).toContain('sleeps after 30 min without a call')
  expect(page.text()).toContain('No client')
})

test('uses the names of the clients themselves while the list is behind', () => {
  page = show(hub, [{ ...shared, clients: [] }])
  expect(texts('.hub-clients__name')).toEqual(['claude-code1 call running', 'cursor-vscode2 calls waiting'])
})

test('opens the tab of a Serena', () => {
  page = show(hub)
  page.click('shop')
  expect(page.selected).toEqual([shared.id])
})

test('detaches a client after a confirmation', async () => {
  page = show(hub, [shared], { detachClient: () => ({ count: 1 }) })
  page.click('Detach Cursor (c2)')
  const [dialog] = page.opened
  expect(dialog).toMatchObject({ kind: 'confirm', title: 'Detach Cursor?', action: 'Detach' })
  if (dialog?.kind === 'confirm') await dialog.run()
  expect(page.calls).toEqual([{ name: 'detachClient', body: { client: 'c2' } }])
  expect(page.announced).toEqual(['Cursor was detached.'])
})

test('says how many clients a stop concerns', () => {
  page = show(hub)
  page.click('Stop the hub …')
  expect(page.opened).toMatchObject([
    {
      text: 'This also stops its 2 Serenas. 2 clients use it: running calls get an error. Connected clients start another hub.',
    },
  ])
})

test('shows why a Serena failed, and why one is not shared', () => {
  const failed = hubSerena({
    state: 'failed',
    fault: 'It crashed 4 times within a minute.',
    privateBecause: 'Its project has no root.',
  })
  page = show(hubStatus({ serenas: [failed] }), [])
  expect(texts('.hub-serena__state')).toEqual(['failed'])
  expect(page.text()).toContain('It crashed 4 times within a minute.')
  expect(page.text()).toContain('Not shared: Its project has no root.')
})

test('explains the hub while none is running, and shows one without Serenas', () => {
  page = show(null)
  expect(page.text()).toContain('The hub is not running.')
  expect(page.text()).toContain('serena-deck connect -- serena start-mcp-server …')
  page.dispose()
  page = show(hubStatus())
  expect(page.text()).toContain('No client is connected yet.')
})

test('the tab of an instance lists its clients, and only if the hub runs it', () => {
  const section = (instance: Instance): TestPage =>
    renderPage(() => <ClientSection instance={instance} isOpen onToggle={() => undefined} />, { hub })
  page = section(shared)
  expect(page.text()).toContain('2 share this Serena')
  expect(texts('.hub-clients__row')).toHaveLength(2)
  page.dispose()
  page = section(makeInstance(9))
  expect(page.text()).toBe('')
  page.dispose()
  page = section(makeInstance(0, { pid: null, state: 'asleep', hubSerena: 's2' }))
  expect(page.text()).toContain('No client is connected. The hub keeps this Serena for the next one.')
})
