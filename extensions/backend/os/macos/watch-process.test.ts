import { expect, it } from 'vitest'
import { createMachine, STARTED_AT_US } from './native-machine.fixture.ts'
import { createNativeReader } from './native-reader.ts'
import { watchWith } from './watch-process.ts'

it('has exited when it is gone, defunct, or another process has its pid; not when it cannot be read', () => {
  const { calls, start, end } = createMachine()
  const reader = createNativeReader(calls)
  const fact = { pid: 60, identity: `60:${STARTED_AT_US}` }
  const hasExited = (): boolean => watchWith(reader, fact).hasExited()
  start({ pid: 60 })
  expect(hasExited()).toBe(false)
  expect(watchWith({ process: () => 'unread' }, fact).hasExited()).toBe(false)
  start({ pid: 60, startedAtUs: STARTED_AT_US + 1 })
  expect(hasExited()).toBe(true)
  start({ pid: 60, status: 5 })
  expect(hasExited()).toBe(true)
  const watch = watchWith(reader, fact)
  end(60)
  expect(watch.hasExited()).toBe(true)
  start({ pid: 60 })
  expect(watch.hasExited()).toBe(true)
})
