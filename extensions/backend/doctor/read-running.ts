// The Serenas that run now, with their clients. Reads the list of processes and ends none.

import { HUB_NAME } from '../clients/known-clients.ts'
import { clientName } from '../clients/owner.ts'
import { programOf } from '../clients/owner-program.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { ProcessSource, ProcessTable } from '../os/process-facts.ts'
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
      const details = await source.details(serena.process, [])
      return {
        ...runningFact(serena, table, details.cwd),
        ...(await clientFacts(serena.client, source, env)),
      }
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

/** Of an agent without such an option: reading a process takes time. */
async function clientFacts(
  client: SerenaProcess['client'],
  source: ProcessSource,
  env: NodeJS.ProcessEnv,
): Promise<ClientFacts> {
  const isPlainAgent =
    client !== null &&
    programOf(client).known?.kind === 'agent' &&
    client.argv?.slice(1).some((word) => FILE_OPTION.test(word)) === false
  if (!isPlainAgent) return { clientFolder: null, readsSameFiles: false }
  const { cwd, environment } = await source.details(client, FILE_VARIABLES)
  const readsSameFiles =
    environment !== null && FILE_VARIABLES.every((name) => (environment[name] ?? '') === (env[name] ?? ''))
  return { clientFolder: cwd, readsSameFiles }
}
