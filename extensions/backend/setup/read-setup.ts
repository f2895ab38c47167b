// Reads what is on this machine, and plans the setup. Executes and writes nothing.
import { join } from 'node:path'
import type { Surroundings } from '../clients/configs/config-client.ts'
import { formatOfName } from '../clients/configs/config-places.ts'
import { ownConfigs } from '../clients/configs/own-configs.ts'
import { valueAt } from '../clients/configs/plain-values.ts'
import { readConfigs } from '../clients/configs/read-configs.ts'
import { type PlannedFix, planFixes } from '../doctor/fix-plan.ts'
import { attempt, type ConfigTools } from '../doctor/planned-file.ts'
import { namesIn } from '../os/files/names-in.ts'
import { readUserFile } from '../os/files/user-file.ts'
import { projectRootAbove } from '../serena/project-root.ts'
import { type FoundSerena, findSerena } from './find-serena.ts'
import { type SetupClient, setupClients } from './setup-clients.ts'
import { type ClientPlan, planClient } from './setup-plan.ts'
import type { SetupMode, SetupWords } from './setup-words.ts'

export interface SetupOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  cwd: string
  /** Ids of clients; null: all that are installed. */
  clients: readonly string[] | null
  mode: SetupMode
  /** Another home folder; null: the user's. */
  home: string | null
  /** Null: the project of the working folder. */
  project: string | null
}

export interface SetupPlan {
  serena: FoundSerena | null
  clients: readonly ClientPlan[]
  files: readonly PlannedFix[]
  /** The project folder to try it in; null: the working folder is in none. */
  project: string | null
}

/** Returns the clients that setup knows, each with the words for it. */
export const clientWords = (
  options: Pick<SetupOptions, 'env' | 'platform' | 'home'>,
): { id: string; words: readonly string[] }[] =>
  setupClients(surroundingsOf(options), '').map(({ client: { id }, shape }) => ({
    id,
    words: [id, shape.id, ...shape.aliases],
  }))

/** Plans the setup of the clients that were chosen, or of those that are installed. */
export async function planSetup(
  options: SetupOptions,
  product: SetupWords['product'],
  tools: ConfigTools,
): Promise<SetupPlan> {
  const { env, platform, home, mode } = options
  const where = surroundingsOf(options)
  const path = env['PATH'] ?? ''
  const found = setupClients(where, path).filter((one) => isChosen(one, options.clients))
  const serena = findSerena({ home: where.home, platform, path, env: home === null ? env : {} })
  const { entries } = await readConfigs({
    home: where.home,
    config: where.config,
    platform: where.platform,
    env: where.env,
  })
  const valueIn = createValues(tools)
  const clients = found.map((one): ClientPlan => {
    const contextOf = (context: string): string => serena?.contextOf(context) ?? context
    const plan = planClient(one, {
      entries,
      valueAt: valueIn,
      product,
      mode,
      serena: serena?.program ?? null,
      contextOf,
    })
    return one.isInstalled ? plan : notInstalled(plan)
  })
  const { files } = planFixes(
    clients.flatMap(({ fix }) => fix ?? []),
    () => true,
    { read: readUserFile, tools, projectOf: () => null, neverWritten: () => null },
  )
  return { serena, clients, files, project: projectOf(options, where.home) }
}

const isChosen = ({ client, shape, isInstalled }: SetupClient, clients: readonly string[] | null): boolean =>
  clients === null
    ? isInstalled
    : [client.id, shape.id, ...shape.aliases].some((word) => clients.includes(word))

const notInstalled = (plan: ClientPlan): ClientPlan => ({
  ...plan,
  action: 'none',
  note: `${plan.name} is not installed.`,
  command: null,
  fix: null,
})

/** The home folder is no project, even with a repository of settings in it. */
function projectOf({ project, cwd }: SetupOptions, home: string): string | null {
  const root = project ?? projectRootAbove(cwd)
  return root === home ? null : root
}

function surroundingsOf({
  env,
  platform,
  home,
}: Pick<SetupOptions, 'env' | 'platform' | 'home'>): Surroundings {
  const own = ownConfigs(home === null ? env : { HOME: home, USERPROFILE: home }, platform)
  return {
    ...own,
    dotConfig: platform === 'linux' ? own.config : join(own.home, '.config'),
    env: home === null ? env : {},
    projects: [],
    names: namesIn,
    value: () => undefined,
  }
}

/** Parses each file once. */
function createValues(tools: ConfigTools): (file: string, path: readonly (string | number)[]) => unknown {
  const values = new Map<string, unknown>()
  return (file, path) => {
    if (!values.has(file)) {
      const { text } = readUserFile(file)
      values.set(file, text === null ? undefined : attempt(() => tools.parse(text, formatOfName(file))))
    }
    return valueAt(values.get(file), path)
  }
}
