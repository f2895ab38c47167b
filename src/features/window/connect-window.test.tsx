import { createRoot, createSignal } from 'solid-js'
import { expect, test, vi } from 'vitest'
import { instance as makeInstance } from '#contract/instance.fixture'
import type { Box } from '../../platform/platform.ts'
import { summarize } from '../../state/deck-summary.ts'
import { createPreferences } from '../../state/preferences.ts'
import { connectWindow } from './connect-window.ts'

const REACHABLE: Box = { x: 0, y: 0, width: 400, height: 400 }

/** `places`: of the window at each reading; the last one stays. */
function connect(...places: Box[]) {
  const monitor = { x: 0, y: 0, width: 1_400, height: 900 }
  let onTray = (_id: string): void => undefined
  const controls = {
    readBounds: () =>
      Promise.resolve({ window: (places.length > 1 ? places.shift() : places[0]) ?? REACHABLE, monitor }),
    setBounds: vi.fn(),
    setTitle: vi.fn(),
    setZoom: vi.fn(),
    setPinned: vi.fn(),
    setTray: vi.fn(),
    onTray: (select: (id: string) => void) => {
      onTray = select
    },
    show: vi.fn(),
    hide: vi.fn(),
    quit: vi.fn(),
    onShow: vi.fn(),
  }
  return createRoot((dispose) => {
    const [instances, setInstances] = createSignal([makeInstance(1)])
    const [tab, setTab] = createSignal('all')
    const preferences = createPreferences({ read: () => null, write: () => undefined })
    const killAll = vi.fn()
    connectWindow(controls, {
      title: () => 'Serena Deck',
      tab,
      preferences,
      summary: () => summarize(instances()),
      killAll,
      open: () => undefined,
    })
    return { controls, dispose, setInstances, setTab, preferences, killAll, tray: (id: string) => onTray(id) }
  })
}

test('applies title, pin and zoom, and stores the open tab', () => {
  const { controls, preferences, setTab, dispose } = connect()
  expect(controls.setTitle).toHaveBeenLastCalledWith('Serena Deck')
  preferences.change({ isPinned: true, zoomPercent: 150 })
  expect(controls.setPinned).toHaveBeenLastCalledWith(true)
  expect(controls.setZoom).toHaveBeenLastCalledWith(1.5)
  setTab('1-a')
  expect(preferences.current().tab).toBe('1-a')
  dispose()
})

test('updates the tray only when its text changes', () => {
  const { controls, setInstances, dispose } = connect()
  expect(controls.setTray).toHaveBeenCalledTimes(1)
  setInstances([makeInstance(2)])
  expect(controls.setTray).toHaveBeenCalledTimes(1)
  setInstances([makeInstance(2, { state: 'hung' })])
  expect(controls.setTray.mock.lastCall?.[1]).toBe(true)
  dispose()
})

test('runs the actions of the tray', () => {
  const { controls, tray, killAll, dispose } = connect()
  tray('kill')
  expect([controls.show, killAll].map((spy) => spy.mock.calls.length)).toEqual([1, 1])
  tray('quit')
  expect(controls.quit).toHaveBeenCalledOnce()
  expect(controls.show).toHaveBeenCalledOnce()
  dispose()
})

test('moves an unreachable window back onto the monitor', async () => {
  const { controls, dispose } = connect({ x: 3_000, y: 0, width: 400, height: 400 })
  await expect.poll(() => controls.setBounds.mock.lastCall?.[0] as unknown).toMatchObject({ x: 1_000, y: 0 })
  dispose()
})

test('moves a window that its window manager places only later', async () => {
  const { controls, dispose } = connect(REACHABLE, { x: 3_000, y: 0, width: 400, height: 400 })
  await expect.poll(() => controls.setBounds.mock.lastCall?.[0] as unknown).toMatchObject({ x: 1_000, y: 0 })
  dispose()
})
