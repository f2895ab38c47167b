// The clients of this user that setup can configure: where each keeps its servers, and whether it is installed.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ConfigClient, ConfigPlace, Surroundings } from '../clients/configs/config-client.ts'
import { CONFIG_CLIENTS } from '../clients/configs/config-clients.ts'
import type { SnippetShape } from '../clients/configs/snippet-shapes.ts'
import { isRunnable } from '../os/executable.ts'

export interface SetupClient {
  client: ConfigClient
  shape: SnippetShape
  /** The file for a new entry: one that exists, else the first that the client reads. */
  file: string
  isInstalled: boolean
}

/** Returns the clients in the order of the table. `path`: the folders of PATH. */
export function setupClients(where: Surroundings, path: string): SetupClient[] {
  return CONFIG_CLIENTS.flatMap((client): SetupClient[] => {
    const { snippet: shape, isWritable } = client
    const files = shape && isWritable ? client.places(where).filter((one) => takesEntry(one, shape)) : []
    const file = files.find((one) => existsSync(one.file)) ?? files[0]
    if (!shape || !file) return []
    const isInstalled =
      existsSync(file.file) || hasFolder(client, file.file, where) || hasProgram(client, path)
    return [{ client, shape, file: file.file, isInstalled }]
  })
}

/** A place of the user for entries of the shape that is written. */
const takesEntry = (place: ConfigPlace, shape: SnippetShape): boolean =>
  place.scope === 'user' &&
  place.project === null &&
  place.format === shape.format &&
  place.shownOnly === undefined &&
  place.ignored === undefined &&
  place.isOldPlace === undefined &&
  place.owner === undefined &&
  place.lists.some(
    ({ keys, ignored, scope, single }) =>
      ignored === undefined &&
      scope === undefined &&
      single === undefined &&
      keys.join('\0') === shape.path.join('\0'),
  )

function hasFolder(
  { folders }: ConfigClient,
  file: string,
  { home, config, dotConfig }: Surroundings,
): boolean {
  if (folders) return folders.some((name) => existsSync(join(home, name)))
  const folder = dirname(file)
  return ![home, config, dotConfig].includes(folder) && existsSync(folder)
}

const hasProgram = ({ programs }: ConfigClient, path: string): boolean =>
  programs.some((name) => isRunnable(name, path))
