// What `install`, `autostart` and `uninstall` write and remove, platform by platform. Pure: returns steps.
import { posix, win32 } from 'node:path'
import { type DesktopFolders, desktopFolders } from '../os/paths.ts'
import {
  APP_ID,
  APP_NAME,
  appInfo,
  desktopEntry,
  icnsOf,
  icoOf,
  type Launch,
  launchAgent,
  RUN_KEY,
  registryBytes,
  runKeyFile,
  shellScript,
  shortcutScript,
} from './entry-texts.ts'

export type Step =
  | { kind: 'write'; path: string; content: string | Buffer; mode: number }
  /** A file, or a folder that is entirely ours. */
  | { kind: 'remove'; path: string }
  /** A script for PowerShell. */
  | { kind: 'powershell'; script: string; makes: string }
  /** A link to another file. */
  | { kind: 'link'; path: string; to: string }
  /** A program of the system. `isNeeded` false: without it the change applies from the next login on. */
  | { kind: 'run'; command: readonly [string, ...string[]]; isNeeded: boolean }
  /** A registry file to import. */
  | { kind: 'registry'; content: Buffer; changes: string }

export interface Place {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
}

export interface InstallInput extends Place {
  launch: Launch
  version: string
  icons: { png256: Buffer; png512: Buffer; svg: Buffer }
}

interface LinuxFiles {
  entry: string
  png: string
  svg: string
  autostart: string
}

function linuxFiles({ data, config }: DesktopFolders): LinuxFiles {
  const icon = (size: string, name: string): string =>
    posix.join(data, 'icons', 'hicolor', size, 'apps', name)
  return {
    entry: posix.join(data, 'applications', 'serena-deck.desktop'),
    png: icon('256x256', 'serena-deck.png'),
    svg: icon('scalable', 'serena-deck.svg'),
    autostart: posix.join(config, 'autostart', 'serena-deck.desktop'),
  }
}

const macApp = ({ home }: DesktopFolders): string => posix.join(home, 'Applications', `${APP_NAME}.app`)
const macAgent = ({ home }: DesktopFolders): string =>
  posix.join(home, 'Library', 'LaunchAgents', `${APP_ID}.plist`)
const windowsLink = ({ roaming }: DesktopFolders): string =>
  win32.join(roaming, 'Microsoft', 'Windows', 'Start Menu', 'Programs', `${APP_NAME}.lnk`)
const windowsIcon = ({ local }: DesktopFolders): string => win32.join(local, 'serena-deck', 'serena-deck.ico')

const text = (path: string, content: string | Buffer, mode = 0o644): Step => ({
  kind: 'write',
  path,
  content,
  mode,
})

/** Registers Serena Deck with the desktop of this user; the last step is the visible one. */
export function installPlan({ platform, env, launch, version, icons }: InstallInput): readonly Step[] {
  const folders = desktopFolders(env, platform)
  if (platform === 'darwin') {
    const contents = posix.join(macApp(folders), 'Contents')
    return [
      text(posix.join(contents, 'Resources', 'serena-deck.icns'), icnsOf(icons.png256, icons.png512)),
      // The environment of a launch may contain private values.
      text(posix.join(contents, 'MacOS', 'serena-deck'), shellScript(launch), 0o700),
      text(posix.join(contents, 'Info.plist'), appInfo(version)),
    ]
  }
  if (platform === 'win32') {
    const link = windowsLink(folders)
    const icon = windowsIcon(folders)
    return [
      text(icon, icoOf(icons.png256)),
      { kind: 'powershell', script: shortcutScript(launch, link, icon), makes: link },
    ]
  }
  const files = linuxFiles(folders)
  return [
    text(files.png, icons.png256),
    text(files.svg, icons.svg),
    // The environment of a launch may contain private values.
    text(files.entry, desktopEntry(launch, files.png, false), 0o600),
  ]
}

/** Starts it hidden at each login. On Linux the icon is that of `install`; without it the entry has no icon. */
export function autostartPlan(place: Place, launch: Launch): readonly Step[] {
  const folders = desktopFolders(place.env, place.platform)
  if (place.platform === 'darwin') return [text(macAgent(folders), launchAgent(launch), 0o600)]
  if (place.platform === 'win32')
    return [{ kind: 'registry', content: registryBytes(runKeyFile(launch)), changes: RUN_KEY }]
  const files = linuxFiles(folders)
  return [text(files.autostart, desktopEntry(launch, files.png, true), 0o600)]
}

/** Removes the start at login. */
export function noAutostartPlan(place: Place): readonly Step[] {
  const folders = desktopFolders(place.env, place.platform)
  if (place.platform === 'darwin') return [{ kind: 'remove', path: macAgent(folders) }]
  if (place.platform === 'win32')
    return [{ kind: 'registry', content: registryBytes(runKeyFile(null)), changes: RUN_KEY }]
  return [{ kind: 'remove', path: linuxFiles(folders).autostart }]
}

/** Returns where the start at login is stored: a file, or a registry value. */
export function autostartPlace(place: Place): { file: string } | { key: string; value: string } {
  const folders = desktopFolders(place.env, place.platform)
  if (place.platform === 'darwin') return { file: macAgent(folders) }
  if (place.platform === 'win32') return { key: RUN_KEY, value: APP_NAME }
  return { file: linuxFiles(folders).autostart }
}

/** Returns true if that file starts it: a desktop disables an entry without removing it. */
export function isAutostartOn(entry: string, platform: NodeJS.Platform): boolean {
  if (platform === 'darwin') return true
  return !/^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(entry)
}

/** Removes what `install` created. */
export function uninstallPlan({ platform, env }: Place): readonly Step[] {
  const folders = desktopFolders(env, platform)
  const remove = (path: string): Step => ({ kind: 'remove', path })
  if (platform === 'darwin') return [remove(macApp(folders))]
  if (platform === 'win32') return [remove(windowsLink(folders)), remove(windowsIcon(folders))]
  const files = linuxFiles(folders)
  return [remove(files.entry), remove(files.png), remove(files.svg)]
}
