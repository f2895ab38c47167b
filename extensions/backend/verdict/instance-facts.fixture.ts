// The facts of one verdict, for tests.
import { processDetails } from '../os/process-fact.fixture.ts'
import type { Listener } from '../os/process-facts.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import type { InstanceFacts } from './instance-facts.ts'

export const listener: Listener = { address: '127.0.0.1', port: 24_282, socket: '77' }

/** A Serena that started 10 minutes ago and listens, and whose dashboard is not known. */
export const instanceFacts = (change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  serena: serenaProcess(),
  details: processDetails(),
  entries: [],
  entryStatus: null,
  listeners: [listener],
  dashboard: null,
  ageMs: 600_000,
  nowMs: 600_000,
  monotonicMs: 2_000,
  ownUid: 1000,
  projectByCommand: null,
  ...change,
})
