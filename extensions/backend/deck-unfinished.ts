// What another one of us began to end and was killed in, wired: finished before anything is listed or ended, and said in a notice.
import type { Notice } from '#contract/instance'
import { processesOf } from '#contract/units'
import { type Finished, finishEndings, type UnfinishedDeps } from './features/ending/unfinished.ts'
import { shared } from './lib/shared-look.ts'

export interface UnfinishedEndings {
  /** Finishes what is left; cheap when nothing is. */
  finish(): Promise<void>
  /** What was done since we started. */
  notices(): readonly Notice[]
}

/** The endings that are left in a state folder. */
export function createUnfinishedEndings(deps: UnfinishedDeps, onNews: () => void): UnfinishedEndings {
  const notices: Notice[] = []
  return {
    finish: shared(async () => {
      const finished = await finishEndings(deps)
      for (const one of finished)
        notices.push({ id: `unfinished:${one.plan}`, level: 'info', text: textOf(one) })
      if (finished.length > 0) onNews()
    }),
    notices: () => notices,
  }
}

function textOf({ title, outcome, processes }: Finished): string {
  const stopped = `Serena Deck was killed while it ended ${title}.`
  const count = processesOf(processes)
  return outcome === 'ended'
    ? `${stopped} The ending was finished: ${count} killed.`
    : `${stopped} Its Serena was continued since, so the ending was undone: ${count} continued.`
}
