// Where the clients of this user keep their files.
import { clientFolders } from '../../os/paths.ts'
import type { ConfigPlatform } from './config-client.ts'

interface OwnConfigs {
  home: string
  config: string
  platform: ConfigPlatform
  env: NodeJS.ProcessEnv
}

/** Returns the folders and variables with which the files are found. */
export const ownConfigs = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): OwnConfigs => ({
  ...clientFolders(env, platform),
  platform: configPlatformOf(platform),
  env,
})

/** Clients keep their files on other platforms as on Linux. */
export const configPlatformOf = (platform: NodeJS.Platform): ConfigPlatform =>
  platform === 'darwin' || platform === 'win32' ? platform : 'linux'
