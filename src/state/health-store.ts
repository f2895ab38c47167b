// What the doctor has found: the count for the header, and the whole report once something shows it.
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { Health, HealthCount } from '#contract/health'
import type { Backend } from '../client/backend.ts'
import { type CallError, toCallError } from '../client/call-error.ts'

/** The count is asked for after the first paint, and then as often as the backend renews it. */
const FIRST_MS = 2_000
const EVERY_MS = 600_000

export interface HealthStore {
  /** Null: not known yet. */
  count: Accessor<HealthCount | null>
  /** Null: nothing has shown it yet. */
  health: Accessor<Health | null>
  error: Accessor<CallError | null>
  isReading: Accessor<boolean>
  /** Loads the report unless it is loaded. */
  show(): void
  /** Reads the configurations again. */
  refresh(): Promise<void>
}

export function createHealthStore(
  backend: Backend,
  /** False: no requests. */
  isActive: Accessor<boolean>,
): HealthStore {
  const [counted, setCounted] = createSignal<HealthCount | null>(null)
  const [health, setHealth] = createSignal<Health | null>(null)
  const [error, setError] = createSignal<CallError | null>(null)
  const [isReading, setIsReading] = createSignal(false)

  async function read(isFresh: boolean): Promise<void> {
    if (isReading()) return
    setIsReading(true)
    try {
      setHealth(await backend.call('health', isFresh ? { query: { fresh: '1' } } : {}))
      setError(null)
    } catch (cause) {
      setError(toCallError(cause))
    } finally {
      setIsReading(false)
    }
  }
  async function ask(): Promise<void> {
    try {
      setCounted(await backend.call('healthCount'))
    } catch {
      // The count is left out; a lost backend is reported above all tabs.
    }
  }
  createEffect(
    on(isActive, (isOn) => {
      if (!isOn) return
      const first = setTimeout(() => void ask(), FIRST_MS)
      const timer = setInterval(() => void ask(), EVERY_MS)
      onCleanup(() => {
        clearTimeout(first)
        clearInterval(timer)
      })
    }),
  )
  const count = createMemo(() => countIn(health()) ?? counted())
  return {
    count,
    health,
    error,
    isReading,
    show() {
      if (health() === null) void read(false)
    },
    refresh: () => read(true),
  }
}

function countIn(health: Health | null): HealthCount | null {
  if (health === null) return null
  const of = (severity: string): number =>
    health.report.findings.filter((finding) => finding.severity === severity).length
  return { errors: of('error'), warnings: of('warning'), infos: of('info') }
}
