// Which clients start Serena with a flag that overrides its file. Their configurations are read, never changed; nothing of them but
// the flag is shown, because they hold keys and tokens.
import type { ClientFlag } from '#contract/settings'
import { readRegularFile } from '../../os/files/read-file.ts'
import { type DashboardFlag, dashboardFlags } from './dashboard-flags.ts'
import type { ClientConfig } from './known-configs.ts'
import { serverEntries } from './server-entries.ts'

const MAX_BYTES = 4 * 1024 * 1024

/**
 * Returns the flags in those files that exist. A file that cannot be read or parsed has none: its client does not start Serena from it.
 */
export async function readClientFlags(configs: readonly ClientConfig[]): Promise<ClientFlag[]> {
  // Loaded on first use: the parsers cost memory that a backend without an open settings page does not need.
  const { parseConfig } = await import('./parse-config.ts')
  return configs.flatMap((config) => {
    const { client, file } = config
    const read = readRegularFile(file, MAX_BYTES)
    return read.kind === 'text'
      ? flagsIn(read.text, config, parseConfig).map((found) => ({ client, file, ...found }))
      : []
  })
}

type Parse = (text: string, format: ClientConfig['format']) => unknown

/** Returns the flags for Serenas in the text of one configuration, each once. Pure. */
export function flagsIn(
  text: string,
  config: Pick<ClientConfig, 'format' | 'lists'>,
  parse: Parse,
): DashboardFlag[] {
  const found = entriesIn(text, config, parse).flatMap(({ argv }) => dashboardFlags(argv))
  return [...new Map(found.map((one) => [one.flag, one])).values()]
}

function entriesIn(
  text: string,
  config: Pick<ClientConfig, 'format' | 'lists'>,
  parse: Parse,
): ReturnType<typeof serverEntries> {
  try {
    return serverEntries(parse(text, config.format), config)
  } catch {
    // Not in its format, or nested too deeply for a parser.
    return []
  }
}
