// Loads how configurations are read and changed. The parsers cost memory that most backends do not need.
import type { ConfigTools } from './planned-file.ts'

/** Loads them on first use. */
export async function loadConfigTools(): Promise<ConfigTools> {
  const [{ changeConfig }, { parseConfig }] = await Promise.all([
    import('../clients/configs/change-config.ts'),
    import('../clients/configs/parse-config.ts'),
  ])
  return { change: changeConfig, parse: parseConfig }
}
