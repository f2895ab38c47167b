// Records the idle shutdown of a wrapped Serena in the history; needs no backend. Loaded only then.
import { historyLines } from '#contract/history'
import type { OwnEntry } from '#contract/registry'
import { formatTitle } from '#contract/title'
import { createHistoryFile } from '../history/history-file.ts'
import { type Recorded, recordOf } from '../history/history-record.ts'
import { hasHolderExited } from '../os/files/lock-holder.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import { instanceId } from '../serena/instance-id.ts'

export interface IdleEnd {
  /** Its registry entry. */
  entry: OwnEntry
  /** A whole sentence. */
  why: string
  stateFolder: string
  list(): Promise<ProcessTable>
}

/** Records the end during the shutdown: a backend that sees the exit finds its reason. AppErrors of the history's file. */
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
  const file = createHistoryFile({ folder: stateFolder, hasExited: hasHolderExited(list) })
  await file.append(historyLines([record]))
}
