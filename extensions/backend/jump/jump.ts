// Brings the terminal, pane or editor of an instance's client to the front. What is found of the client decides only which of a fixed
// set of programs is run, and with which checked numbers and paths.
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import type { RouteAnswer } from '#contract/routes'
import { ancestorsOf } from '../os/ancestors.ts'
import type { ProcessFact, ProcessSource, ProcessTable } from '../os/process-facts.ts'
import { bringToFront } from './fronts.ts'
import { JUMP_VARIABLES, type JumpFacts, planJump } from './jump-plan.ts'
import { selectPane } from './multiplexers.ts'
import type { Place } from './run-program.ts'

/** A multiplexer in a terminal of a multiplexer. */
const MOST_NESTED = 3

export interface JumpDeps extends Place {
  source: Pick<ProcessSource, 'list' | 'details' | 'ownUid'>
  instance: (instanceId: string) => Pick<Instance, 'owner' | 'clients' | 'hubSerena' | 'project'> | null
}

type Outcome = RouteAnswer<'jump'>

export interface JumpService {
  /** `isShown` false: `text` says what to look for. AppError `instance-not-found`. */
  jump(instanceId: string): Promise<Outcome>
}

/** Creates the service of one deck. */
export function createJump({ source, instance, env, platform }: JumpDeps): JumpService {
  const place = { env, platform }

  async function jumpTo(
    client: ProcessFact,
    table: ProcessTable,
    folder: string | null,
    depth = 0,
  ): Promise<Outcome> {
    const facts = await readFacts(client, table, folder)
    const { pane, fronts, lookFor } = planJump(facts)
    const selected = pane && (await selectPane(pane, place))
    if (selected && depth < MOST_NESTED) {
      for (const pid of selected.clientPids) {
        const terminal = table.byPid.get(pid)
        if (!terminal || terminal.uid !== source.ownUid) continue
        const shown = await jumpTo(terminal, table, folder, depth + 1)
        const text = `${shown.text.replace(/\.$/, '')}, with ${selected.place}.`
        return { isShown: shown.isShown, text }
      }
      return { isShown: false, text: `It is in ${selected.place}. To see it, run \`${selected.attach}\`.` }
    }
    for (const front of fronts) {
      const shown = await bringToFront(front, facts, place)
      if (shown !== null) return { isShown: true, text: `Brought ${shown} to the front.` }
    }
    return { isShown: false, text: lookFor }
  }

  async function readFacts(
    client: ProcessFact,
    table: ProcessTable,
    folder: string | null,
  ): Promise<JumpFacts> {
    const { environment, terminal = null } = await source.details(client, JUMP_VARIABLES)
    const ancestors = ancestorsOf(client.pid, table).filter(
      ({ pid, uid }) => pid > 1 && uid === source.ownUid,
    )
    return { chain: [client, ...ancestors], variables: environment ?? {}, terminal, folder, platform }
  }

  return {
    async jump(id) {
      const shown = instance(id)
      if (!shown) throw new AppError('instance-not-found', { target: 'unknown id' })
      const pid = clientPidOf(shown)
      if (pid === null) return { isShown: false, text: 'Its client is not visible from here.' }
      const table = await source.list()
      const client = table.byPid.get(pid)
      if (!client) return { isShown: false, text: `Its client (process ${pid}) has exited.` }
      if (client.uid !== source.ownUid)
        return { isShown: false, text: `Its client (process ${pid}) belongs to another user.` }
      return jumpTo(client, table, shown.project?.path ?? null)
    },
  }
}

/** The owner of a Serena of the hub is the hub: its first client counts. */
function clientPidOf({
  owner,
  clients = [],
  hubSerena,
}: Pick<Instance, 'owner' | 'clients' | 'hubSerena'>): number | null {
  const client = clients.find(({ pid }) => pid !== undefined)?.pid ?? null
  return hubSerena === undefined ? (owner?.pid ?? client) : client
}
