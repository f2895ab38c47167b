// Which clients run now, so that they see a change of their configuration only after a restart. Pure.
import type { ClientRestart } from '#contract/health'
import type { ConfigClient } from '../clients/configs/config-client.ts'
import { programOf } from '../clients/owner-program.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'

/** Returns the processes of these clients; of a client with helpers only the outermost ones. */
export function runningClients(
  clients: readonly Pick<ConfigClient, 'name' | 'mustRestart'>[],
  { byPid }: ProcessTable,
  userId: number | null,
): ClientRestart[] {
  const own = [...byPid.values()].filter(({ uid }) => userId === null || uid === null || uid === userId)
  return clients
    .filter(({ mustRestart }) => mustRestart)
    .flatMap(({ name }) => {
      const isClient = (one: ProcessFact | undefined): boolean =>
        one !== undefined && isNamed(programOf(one).known?.name ?? null, name)
      const pids = own.filter((one) => isClient(one) && !isClient(byPid.get(one.ppid))).map(({ pid }) => pid)
      return pids.length > 0 ? [{ client: name, pids }] : []
    })
}

/** The table of programs distinguishes the terminal program of some clients from their app. */
export const isNamed = (program: string | null, client: string): boolean =>
  program === client || program === `${client} CLI`
