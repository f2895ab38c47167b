// Scopes that end automatically in vitest files. Playwright tests create theirs with createScope in a fixture.
import { afterAll, afterEach } from 'vitest'
import { createScope, type Scope } from './scope.ts'

/** Ends after each test of the file (or of the surrounding `describe`). */
export function scopePerTest(): Scope {
  const scope = createScope()
  afterEach(() => scope.end())
  return scope
}

/** Ends after the last test of the file (or of the surrounding `describe`): also for tests that run at the same time. */
export function scopePerFile(): Scope {
  const scope = createScope()
  afterAll(() => scope.end(), 30_000)
  return scope
}
