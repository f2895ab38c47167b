// Endings that a killed backend left unfinished: finished before anything is listed or ended, with a notice.
import type { Notice } from '#contract/instance'
import { processesOf } from '#contract/units'
import { type Finished, finishEndings, type UnfinishedDeps } from '../ending/unfinished.ts'
import { coalesce } from '../lib/coalesce.ts'

export interface UnfinishedEndings {
  /** Finishes what is left; cheap when there is nothing. */
  finish(): Promise<void>
  /** Endings finished since this process started. */
  notices(): readonly Notice[]
}

/** Creates the unfinished endings of a state folder. */
export function createUnfinishedEndings(deps: UnfinishedDeps, onChange: () => void): UnfinishedEndings {
  const notices: Notice[] = []
  return {
    finish: coalesce(async () => {
      const finished = await finishEndings(deps)
      for (const one of finished)
        notices.push({ id: `unfinished:${one.plan}`, level: 'info', text: textOf(one) })
      if (finished.length > 0) onChange()
    }),
    notices: () => notices,
  }
}

function textOf({ title, outcome, processes }: Finished): string {
  const interrupted = `Serena Deck was killed while ending ${title}.`
  const count = processesOf(processes)
  return outcome === 'ended'
    ? `${interrupted} The ending was finished: ${count} killed.`
    : `${interrupted} Its Serena process was running again, so the other processes were resumed: ${count}.`
}
