import { createRoot, createSignal } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import type { Instance } from '#contract/instance'
import { instance as makeInstance } from '#contract/instance.fixture'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { ZombieBar } from './zombie-bar.tsx'
import { watchZombies } from './zombie-notifications.ts'

let page: TestPage | undefined
afterEach(() => {
  page?.dispose()
  page = undefined
})

const red = (pid: number): Instance => makeInstance(pid, { state: 'orphaned' })

test('counts zombies and opens the dialog that ends them', () => {
  page = renderPage(() => <ZombieBar instances={[makeInstance(1), red(2)]} />)
  expect(page.text()).toContain('1 zombie uses 612 MB1 orphaned')
  page.click('Kill all zombies (1)')
  expect(page.opened).toEqual([{ kind: 'ending', title: 'Kill all zombies', ids: null }])
})

test('names the states of several zombies', () => {
  page = renderPage(() => <ZombieBar instances={[red(2), makeInstance(3, { state: 'hung' }), red(4)]} />)
  expect(page.text()).toContain('3 zombies use 1.8 GB2 orphaned, 1 hung')
})

test('does not count what is left alone', () => {
  page = renderPage(() => <ZombieBar instances={[{ ...red(1), isLeftAlone: true }]} />)
  expect(page.text()).toBe('')
})

test('shows nothing without zombies', () => {
  page = renderPage(() => <ZombieBar instances={[makeInstance(1)]} />)
  expect(page.text()).toBe('')
})

test('notifies of new zombies while it is on, several at once in one notification', () => {
  const show = vi.fn()
  const notifications = { allow: () => Promise.resolve(true), show }
  const { setInstances, setIsOn, dispose } = createRoot((dispose) => {
    const [instances, setInstances] = createSignal<Instance[] | null>(null)
    const [isOn, setIsOn] = createSignal(true)
    watchZombies({ notifications, isOn, instances, open: () => undefined })
    return { setInstances, setIsOn, dispose }
  })
  setInstances([red(1)])
  expect(show).not.toHaveBeenCalled()
  setInstances([red(1), red(2)])
  expect(show.mock.lastCall?.[0]).toMatchObject({
    title: '2 - shop: orphaned',
    text: 'It answers. It uses 612 MB.',
  })
  setInstances([1, 2, 3, 4, 5, 6].map((pid) => red(pid)))
  expect(show).toHaveBeenCalledTimes(2)
  expect(show.mock.lastCall?.[0]).toMatchObject({
    title: '4 new zombies',
    text: '3 - shop, 4 - shop, 5 - shop, 6 - shop. They use 2.4 GB.',
  })
  setInstances([1, 2, 3, 4, 5, 6, 7, 8].map((pid) => red(pid)))
  expect(show.mock.lastCall?.[0]).toMatchObject({ title: '2 new zombies' })
  expect(show).toHaveBeenCalledTimes(3)
  setIsOn(false)
  setInstances([red(9)])
  expect(show).toHaveBeenCalledTimes(3)
  dispose()
})
