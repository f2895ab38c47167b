// What the parts of a deck have in common.
import type { Instances } from '../instances/instances.ts'
import { createNoticeBoard, type NoticeBoard } from '../instances/notices.ts'
import type { Scheduler } from '../instances/scheduler.ts'
import type { UsageTraces } from '../instances/usage-traces.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { ProcessSource } from '../os/process-facts.ts'
import type { FailedStarts } from '../starts/failed-starts.ts'

/** Our own page, as far as it can be opened from here. */
export interface OwnPage {
  isConnected: () => boolean
  /** Opens it with that instance's tab. */
  open: (instanceId: string) => Promise<unknown>
}

export interface DeckOptions {
  /** Our own page, of a backend that has one. */
  page?: OwnPage
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Called with the errors of scheduled work. */
  onFault?: (error: unknown) => void
  /** Epoch and monotonic milliseconds; default: those of this machine. */
  clock?: DeckBase['clock']
}

/** What every part needs before there are instances. */
export interface DeckBase {
  source: ProcessSource
  notices: NoticeBoard
  clock: { wall: () => number; monotonic: () => number }
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Our own HTTP port; null: not known yet. */
  ownPort: () => number | null
  onFault: (error: unknown) => void
}

/** What the parts of a deck are made from. */
export interface DeckParts extends DeckBase {
  starts: FailedStarts
  instances: Instances
  scheduler: Scheduler
  usage: UsageTraces
}

const OWN_CLOCK: DeckBase['clock'] = { wall: () => Date.now(), monotonic: () => performance.now() }

/** Creates the base of one deck on this machine. */
export const createDeckBase = (
  { env, platform, onFault = () => undefined, clock = OWN_CLOCK }: DeckOptions,
  ownPort: () => number | null,
): DeckBase => ({
  source: createProcessSource(platform),
  notices: createNoticeBoard(),
  clock,
  env,
  platform,
  ownPort,
  onFault,
})
