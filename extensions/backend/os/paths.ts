// Locations of files and folders, by platform. Pure: environment and platform are parameters.
import { homedir, userInfo } from 'node:os'
import { posix, win32 } from 'node:path'
import { resolveSerenaHome, stripBlanks } from '../lib/serena-home.ts'

const pathsOf = (platform: NodeJS.Platform): typeof posix => (platform === 'win32' ? win32 : posix)

function homeOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return (platform === 'win32' ? env['USERPROFILE'] : env['HOME']) || homedir()
}

/** Returns the state folder: the running backend's record, its log, the history. SERENA_DECK_STATE overrides it. */
export function stateFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { join } = pathsOf(platform)
  const home = homeOf(env, platform)
  if (env['SERENA_DECK_STATE']) return env['SERENA_DECK_STATE']
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'serena-deck')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'serena-deck')
  return join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'serena-deck')
}

/** Returns the folder for files that can be recreated: the native runtime. A relative XDG_CACHE_HOME is ignored (XDG Base Directory). */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { isAbsolute, join } = pathsOf(platform)
  const home = homeOf(env, platform)
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'serena-deck')
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'serena-deck', 'cache')
  const chosen = env['XDG_CACHE_HOME']
  return join(chosen && isAbsolute(chosen) ? chosen : join(home, '.cache'), 'serena-deck')
}

/** Where a desktop finds what a user installs and starts (XDG Base Directory; Apple's and Microsoft's own rules). */
export interface DesktopFolders {
  home: string
  /** Linux: applications and icons. */
  data: string
  /** Linux: autostart, systemd. */
  config: string
  /** Windows: the Start menu. */
  roaming: string
  /** Windows: what belongs to this machine. */
  local: string
}

/** Returns the desktop folders of this user. A relative XDG folder is ignored (XDG Base Directory). */
export function desktopFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): DesktopFolders {
  const { isAbsolute, join } = pathsOf(platform)
  const home = homeOf(env, platform)
  const folderOf = (name: string, usual: string): string => {
    const chosen = env[name]
    return chosen && isAbsolute(chosen) ? chosen : usual
  }
  return {
    home,
    data: folderOf('XDG_DATA_HOME', join(home, '.local', 'share')),
    config: folderOf('XDG_CONFIG_HOME', join(home, '.config')),
    roaming: folderOf('APPDATA', join(home, 'AppData', 'Roaming')),
    local: folderOf('LOCALAPPDATA', join(home, 'AppData', 'Local')),
  }
}

/** Returns the settings file: in the platform's settings folder, or in SERENA_DECK_STATE, so that a test never touches the user's. */
export function settingsFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { join } = pathsOf(platform)
  if (env['SERENA_DECK_STATE']) return join(env['SERENA_DECK_STATE'], 'settings.json')
  if (platform === 'darwin') return join(stateFolder(env, platform), 'settings.json')
  const { config, roaming } = desktopFolders(env, platform)
  return join(platform === 'win32' ? roaming : config, 'serena-deck', 'settings.json')
}

/** Returns the file of labels, notes and projects that are left alone; beside the settings. */
export function projectLabelsFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { dirname, join } = pathsOf(platform)
  return join(dirname(settingsFile(env, platform)), 'projects.json')
}

/** Returns where the clients of this user keep their configurations: some in the home folder, some in the platform's settings folder. */
export function clientFolders(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): { home: string; config: string } {
  const { home, config, roaming } = desktopFolders(env, platform)
  if (platform === 'darwin')
    return { home, config: pathsOf(platform).join(home, 'Library', 'Application Support') }
  return { home, config: platform === 'win32' ? roaming : config }
}

/** Returns the SERENA_HOME of a Serena that is started here: the variable, else `.serena` in the home folder. */
export function defaultSerenaHome(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  cwd: string | null = workingFolder(),
): string {
  const userHome = userDatabaseHome()
  const home = resolveSerenaHome({ environment: env, cwd, userHome, platform })
  return home ?? pathsOf(platform).join(homeOf(env, platform), '.serena')
}

/** Returns the home folder in the system's user database; null: this user is not in it. */
export function userDatabaseHome(): string | null {
  try {
    return userInfo().homedir
  } catch {
    // A uid without an entry, as in many containers.
    return null
  }
}

function workingFolder(): string | null {
  try {
    return process.cwd()
  } catch {
    // It was removed under us.
    return null
  }
}

/** Returns the homes of SERENA_DECK_ONLY_HOMES; null: not set, all homes count. */
export function onlyHomes(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] | null {
  const value = env['SERENA_DECK_ONLY_HOMES']
  if (value === undefined) return null
  // Serena strips blanks as well.
  const homes = value.split(pathsOf(platform).delimiter).map(stripBlanks)
  return homes.filter((home) => home !== '')
}
