// The start command of an instance as texts to copy: one line for a shell, and an entry for each client. Secrets are masked; nothing
// here is ever run.
import { AppError } from '#contract/errors'
import type { RouteAnswer } from '#contract/routes'
import { launchCommand, maskedWords } from '../serena/launch-command.ts'
import type { Track } from './track.ts'

export interface LaunchTexts {
  /** AppError `instance-not-found`. */
  of(instanceId: string): Promise<RouteAnswer<'launch'>>
}

type Launched = Pick<Track, 'serena' | 'home'>

/** Returns the start command of an instance for a shell; null: its arguments are not known. */
export function launchLine({ serena, home }: Launched, platform: NodeJS.Platform): string | null {
  const { details, serenaHome } = home
  return launchCommand({ argv: argvOf({ serena }), cwd: details?.cwd ?? null, serenaHome }, platform)
}

/** With the launchers that its client started, such as `uvx`. */
const argvOf = ({ serena }: Pick<Launched, 'serena'>): readonly string[] =>
  (serena.wrappers[0] ?? serena.process).argv ?? []

export interface LaunchTextsDeps {
  find: (instanceId: string) => Launched | null
  platform: NodeJS.Platform
}

/** Creates the texts of one deck's instances. */
export const createLaunchTexts = ({ find, platform }: LaunchTextsDeps): LaunchTexts => ({
  async of(id) {
    const found = find(id)
    if (!found) throw new AppError('instance-not-found', { target: 'unknown id' })
    // Loaded on first use: the clients and the writers of YAML cost memory that most backends do not need.
    const [{ commandSnippet }, { SNIPPET_CLIENTS }] = await Promise.all([
      import('../clients/configs/snippet.ts'),
      import('../clients/configs/snippet-clients.ts'),
    ])
    const [program, ...args] = maskedWords(argvOf(found))
    const clients = program === undefined ? [] : SNIPPET_CLIENTS
    return {
      command: launchLine(found, platform),
      snippets: clients.map((client) => ({
        client: client.name,
        file: client.file,
        text: commandSnippet(client, { program: program ?? '', args }),
      })),
    }
  },
})
