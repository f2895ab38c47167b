// Checks of what a caller wants to register: the process, its port and its home. Each throws AppError `bad-input` or
// `process-not-found`.

import { isAbsolute } from 'node:path'
import { AppError } from '#contract/errors'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessSource, ProcessTable } from '../os/process-facts.ts'
import { isBelow } from '../serena/process-tree.ts'

export interface RegistrationChecks {
  listeners: ProcessSource['listeners']
  /** The home of a process that was found as a Serena; null: not known. */
  homeOf(identity: string): string | null
  ownHome: string
  isInScope(serenaHome: string): boolean
  ownPort(): number | null
  limits: { ownPid: number; ownUid: number | null }
}

const invalid = (issue: string): AppError => new AppError('bad-input', { issue })

export function checkPort(
  { ownPort }: Pick<RegistrationChecks, 'ownPort'>,
  port: number | null | undefined,
): void {
  if (port != null && port === ownPort())
    throw invalid(`port ${port} belongs to Serena Deck, not to a dashboard`)
}

/** Checks that the process, or one below it, listens on the port: a launcher's port is that of its Serena. */
export async function checkOwner(
  { listeners }: Pick<RegistrationChecks, 'listeners'>,
  process: ProcessFact,
  port: number,
  table: ProcessTable,
): Promise<void> {
  const tree = [...table.byPid.values()].filter(({ pid }) => isBelow(pid, process.pid, table))
  const byPid = await listeners(tree)
  const found = tree.map(({ pid }) => byPid.get(pid) ?? null)
  const ports = found.flatMap((own) => own?.map((one) => one.port) ?? [])
  if (found.includes(null) || ports.includes(port)) return
  const those = [...new Set(ports)].join(', ') || 'no port'
  throw invalid(`port ${port} does not belong to process ${process.pid}, which listens on ${those}`)
}

/** Returns the running process of this user with that pid. */
export function processOf(
  { limits }: Pick<RegistrationChecks, 'limits'>,
  pid: number,
  table: ProcessTable,
): ProcessFact {
  if (pid === limits.ownPid) throw invalid(`process ${pid} is Serena Deck itself`)
  const fact = table.byPid.get(pid)
  if (!fact || isDefunct(fact)) throw new AppError('process-not-found', { pid })
  if (fact.uid !== null && fact.uid !== limits.ownUid) throw invalid(`process ${pid} belongs to another user`)
  return fact
}

/** Returns the home to write to: the given one, else that of the process, else our own. */
export function homeFor(
  { homeOf, ownHome, isInScope }: Pick<RegistrationChecks, 'homeOf' | 'ownHome' | 'isInScope'>,
  { identity }: ProcessFact,
  given: string | null | undefined,
): string {
  const home = given ?? homeOf(identity) ?? ownHome
  if (!isAbsolute(home)) throw invalid('SERENA_HOME is not an absolute path')
  if (!isInScope(home)) throw invalid('this SERENA_HOME is not in SERENA_DECK_ONLY_HOMES')
  return home
}
