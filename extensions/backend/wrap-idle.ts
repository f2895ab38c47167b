// What the history is told of a wrapped Serena that ends because nobody called it: no backend needs to run for that. Loaded only then.
import { historyLines } from '#contract/history'
import type { OwnEntry } from '#contract/registry'
import { formatTitle } from '#contract/title'
import type { ProcessTable } from './facts.ts'
import { type Recorded, recordOf } from './features/history/recorder.ts'
import { instanceId } from './features/sweep/present.ts'
import { holderIsGone } from './lib/process-lives.ts'
import { createHistoryFile } from './os/history-file.ts'

export interface IdleEnd {
  /** Its registry entry as it stands. */
  entry: OwnEntry
  /** A whole sentence. */
  why: string
  stateFolder: string
  list(): Promise<ProcessTable>
}

/** Writes it down while it is done: a backend that sees the end finds whose deed it was. AppErrors of the history's file. */
export async function recordIdleEnd({ entry, why, stateFolder, list }: IdleEnd): Promise<void> {
  const { pid, port, project, client } = entry
  const ended: Recorded = {
    id: instanceId(entry.identity, pid),
    pid,
    startedAt: new Date(entry.startedAt).toISOString(),
    title: formatTitle({ pid, port, project, isProjectKnownAbsent: false }),
    project,
    owner: client && { name: client.name, detail: null },
    state: project === null ? 'idle' : 'live',
    verdict: { evidence: [why] },
  }
  const record = recordOf('ended', ended, Date.now(), { by: 'idle', how: 'shutdown' })
  const file = createHistoryFile({ folder: stateFolder, isGone: holderIsGone(list) })
  await file.append(historyLines([record]))
}
