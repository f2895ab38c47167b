import { expect, test } from 'vitest'
import { ALL_VIEWS, VIEWS, viewProblem } from './views.ts'

test('names the existing views', () => {
  for (const view of VIEWS) expect(viewProblem(view, false)).toBeNull()
  for (const view of ALL_VIEWS) expect(viewProblem(view, true)).toBeNull()
  expect(viewProblem('hub', false)).toBe(`Unknown view 'hub' of one instance: use overview, logs or stats.`)
  expect(viewProblem('overview', true)).toMatch(
    /^Unknown view 'overview' of all instances: use table, .* or \w+\.$/,
  )
})
