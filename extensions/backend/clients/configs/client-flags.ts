// Which clients start Serena with a flag that overrides its file. Their configurations are read, never changed; nothing of them but
// the flag is shown, because they hold keys and tokens.
import type { ClientFlag } from '#contract/settings'
import { configClientOf } from './config-clients.ts'
import type { ConfigEntry } from './config-entry.ts'
import { dashboardFlags } from './dashboard-flags.ts'
import { type ReadConfigsOptions, readConfigs } from './read-configs.ts'

/** Returns the flags in the files of all clients. A file that cannot be read has none: its client does not start Serena from it. */
export async function readClientFlags(options: ReadConfigsOptions): Promise<ClientFlag[]> {
  const { entries } = await readConfigs(options)
  const found = entries.filter(isStarted).flatMap(flagsOf)
  return [...new Map(found.map((one) => [`${one.file}\0${one.flag}`, one])).values()]
}

const isStarted = ({ enabled, ignored, owner }: ConfigEntry): boolean =>
  enabled !== false && ignored === undefined && owner === undefined

const flagsOf = ({ client, file, command }: ConfigEntry): ClientFlag[] =>
  dashboardFlags(command ?? []).map((one) => ({
    client: configClientOf(client)?.name ?? client,
    file,
    ...one,
  }))
