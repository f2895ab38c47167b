// The Serenas that run now, with their clients. Reads the list of processes and ends none.

import { HUB_NAME } from '../clients/known-clients.ts'
import { clientName } from '../clients/owner.ts'
import { programOf } from '../clients/owner-program.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { ProcessDetails, ProcessTable } from '../os/process-facts.ts'
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
export async function readRunning(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): Promise<RunningSerenas> {
  const source = createProcessSource(platform)
  const table = await source.list()
  const serenas = findSerenas(table).filter(
    ({ process, isLauncherOnly, remote }) => !isLauncherOnly && !remote && isOwn(process.uid, source.ownUid),
  )
  const running = await Promise.all(
    serenas.map(async (serena) => {
      const { client } = serena
      const [details, ofClient] = await Promise.all([
        source.details(serena.process, []),
        client === null ? null : source.details(client, FILE_VARIABLES),
      ])
      return { ...runningFact(serena, table, details.cwd), ...clientFacts(client, ofClient, env) }
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
): Omit<RunningFact, keyof ClientFacts> {
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

type ClientFacts = Pick<RunningFact, 'clientFolder' | 'readsSameFiles'>

/** What moves the configuration files of the agents. */
const FILE_VARIABLES = [
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'XDG_CONFIG_HOME',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'COPILOT_HOME',
  'CLINE_DIR',
  'OPENCODE_CONFIG',
  'OPENCODE_CONFIG_DIR',
  'OPENCODE_CONFIG_CONTENT',
  'GEMINI_CLI_HOME',
  'GEMINI_CLI_SYSTEM_SETTINGS_PATH',
]
/** Options with which an agent takes servers, or its files, from elsewhere. */
const FILE_OPTION = /^-[cepC]$|^--?[\w-]*(config|mcp|setting|plugin|extension|profile|agent|recipe|dir|cd)/i

function clientFacts(
  client: SerenaProcess['client'],
  details: ProcessDetails | null,
  env: NodeJS.ProcessEnv,
): ClientFacts {
  if (client === null || details === null) return { clientFolder: null, readsSameFiles: false }
  const { environment } = details
  const isAgent = programOf(client).known?.kind === 'agent'
  const isSame =
    environment !== null && FILE_VARIABLES.every((name) => (environment[name] ?? '') === (env[name] ?? ''))
  const hasOption = (client.argv ?? ['-c']).slice(1).some((word) => FILE_OPTION.test(word))
  return { clientFolder: details.cwd, readsSameFiles: isAgent && isSame && !hasOption }
}
