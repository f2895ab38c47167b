import { expect, test } from 'vitest'
import { keepHeapSmall, SMALL_MALLOC } from './small-heap.ts'

test('what was for the start of the backend is not handed on; what the person set is', () => {
  const ours: NodeJS.ProcessEnv = { LANG: 'C', ...SMALL_MALLOC }
  keepHeapSmall(ours)
  expect(ours).toEqual({ LANG: 'C' })
  const theirs = { MALLOC_TRIM_THRESHOLD_: '1' }
  keepHeapSmall(theirs)
  expect(theirs).toEqual({ MALLOC_TRIM_THRESHOLD_: '1' })
})
