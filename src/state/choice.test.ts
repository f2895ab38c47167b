import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { createChoice } from './choice.ts'
import { makeInstance } from './instance.fixture.ts'

const rowsOf = (...pids: number[]): Instance[] => pids.map((pid) => makeInstance(pid))

function start() {
  return createRoot((dispose) => {
    const [rows, setRows] = createSignal<readonly Instance[]>(rowsOf(1, 2, 3))
    const choice = createChoice(rows)
    const pids = (): (number | null)[] => choice.chosen().map(({ pid }) => pid)
    return { choice, pids, setRows, dispose }
  })
}

test('one by one, all, none; off forgets', () => {
  const { choice, pids, dispose } = start()
  expect([choice.isOn(), pids()]).toEqual([false, []])
  choice.setOn(true)
  for (const pid of [3, 1, 2, 2]) choice.toggle(makeInstance(pid).id)
  expect([choice.isOn(), pids()]).toEqual([true, [1, 3]])
  choice.setAll(true)
  expect(pids()).toEqual([1, 2, 3])
  choice.setAll(false)
  expect([choice.isOn(), pids()]).toEqual([true, []])
  choice.setAll(true)
  choice.setOn(false)
  expect([choice.isOn(), pids()]).toEqual([false, []])
  dispose()
})

test('who is no row now, as it ended or is not searched for, is not among the chosen', () => {
  const { choice, pids, setRows, dispose } = start()
  choice.setAll(true)
  setRows(rowsOf(2, 4))
  expect(pids()).toEqual([2])
  expect(choice.has(makeInstance(4).id)).toBe(false)
  dispose()
})
