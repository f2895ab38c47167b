import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { createRowSelection } from './row-selection.ts'

const rowsOf = (...pids: number[]): Instance[] => pids.map((pid) => instance(pid))

function start() {
  return createRoot((dispose) => {
    const [rows, setRows] = createSignal<readonly Instance[]>(rowsOf(1, 2, 3))
    const selection = createRowSelection(rows)
    const pids = (): (number | null)[] => selection.selected().map(({ pid }) => pid)
    return { selection, pids, setRows, dispose }
  })
}

test('selects single rows, all, none; off clears the selection', () => {
  const { selection, pids, dispose } = start()
  expect([selection.isOn(), pids()]).toEqual([false, []])
  selection.setOn(true)
  for (const pid of [3, 1, 2, 2]) selection.toggle(instance(pid).id)
  expect([selection.isOn(), pids()]).toEqual([true, [1, 3]])
  selection.setAll(true)
  expect(pids()).toEqual([1, 2, 3])
  selection.setAll(false)
  expect([selection.isOn(), pids()]).toEqual([true, []])
  selection.setAll(true)
  selection.setOn(false)
  expect([selection.isOn(), pids()]).toEqual([false, []])
  dispose()
})

test('excludes rows that exited or no longer match the search', () => {
  const { selection, pids, setRows, dispose } = start()
  selection.setAll(true)
  setRows(rowsOf(2, 4))
  expect(pids()).toEqual([2])
  expect(selection.has(instance(4).id)).toBe(false)
  dispose()
})
