// The Serenas that run now, with their clients. Reads the list of processes and ends none.

import { HUB_NAME } from '../clients/known-clients.ts'
import { clientName } from '../clients/owner.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import type { RunningFact } from './facts.ts'
import { installedVersion } from './serena-installs.ts'

export interface RunningSerenas {
  running: readonly RunningFact[]
  /** False only when no such process exists. */
  mayRun: (pid: number) => boolean
}

/** Returns the running Serenas of this user; none if the processes cannot be read. */
export async function readRunning(platform: NodeJS.Platform): Promise<RunningSerenas> {
  const source = createProcessSource(platform)
  const table = await source.list()
  const serenas = findSerenas(table).filter(
    ({ process, isLauncherOnly, remote }) => !isLauncherOnly && !remote && isOwn(process.uid, source.ownUid),
  )
  const running = await Promise.all(
    serenas.map(async (serena) => {
      const details = await source.details(serena.process, [])
      return runningFact(serena, table, details.cwd)
    }),
  )
  return { running, mayRun: (pid) => !table.isComplete || table.byPid.has(pid) }
}

const isOwn = (uid: number | null, ownUid: number | null): boolean =>
  uid === null || ownUid === null || uid === ownUid

function runningFact(
  { process, command, client }: SerenaProcess,
  table: ProcessTable,
  cwd: string | null,
): RunningFact {
  const argv = process.argv ?? []
  const program = argv.slice(0, 3).find((word) => /(^|[\\/])serena(-agent|-mcp-server)?(\.exe)?$/.test(word))
  const name = client === null ? null : clientName(client, table)
  return {
    pid: process.pid,
    startedAtMs: process.startedAtMs,
    argv,
    cwd,
    command,
    version: program === undefined ? null : installedVersion(program),
    client: name,
    clientPid: client?.pid ?? null,
    isOfHub: name === HUB_NAME,
  }
}
