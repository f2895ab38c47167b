// The texts that register Serena Deck with a desktop: one function for each kind of file. Pure.

import {
  desktopExec,
  desktopString,
  powershellString,
  registryString,
  shellWord,
  windowsWord,
} from '../lib/quoting.ts'
import { WINDOW_NAME } from '../window/native-window.ts'
import { plist } from './plist.ts'

/** The command to start, with absolute paths: a desktop session has neither our folder nor nvm's PATH. */
export interface Launch {
  /** The program and its arguments. */
  command: readonly [string, ...string[]]
  /** The environment variables that it needs. */
  env: Readonly<Record<string, string>>
}

export const APP_NAME = 'Serena Deck'
export const APP_ID = 'io.github.serena_deck.SerenaDeck'
/** The window class that GTK derives from the window's name: a desktop uses it to find the icon. */
const WINDOW_CLASS = WINDOW_NAME.charAt(0).toUpperCase() + WINDOW_NAME.slice(1)
const COMMENT = 'All Serena instances on this machine in one small window'
export const RUN_KEY = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'

const variables = ({ env }: Launch): (readonly [string, string])[] =>
  Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))

/** Returns a desktop entry (XDG). `isAutostart`: for the autostart folder, not shown, started at login. */
export function desktopEntry(launch: Launch, icon: string, isAutostart: boolean): string {
  const [program] = launch.command
  const settings = variables(launch).map(([name, value]) => `${name}=${value}`)
  const words = settings.length > 0 ? ['/usr/bin/env', ...settings, ...launch.command] : launch.command
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.0',
    `Name=${APP_NAME}`,
    `Comment=${COMMENT}`,
    // Without the program (a Node that nvm removed) the entry disappears instead of failing.
    `TryExec=${desktopString(program)}`,
    `Exec=${desktopExec(words)}`,
    `Icon=${desktopString(icon)}`,
    'Terminal=false',
    'StartupNotify=false',
    `StartupWMClass=${WINDOW_CLASS}`,
    ...(isAutostart
      ? ['X-GNOME-Autostart-enabled=true', 'NoDisplay=true']
      : ['Categories=Development;', 'Keywords=serena;mcp;agent;dashboard;']),
    '',
  ].join('\n')
}

/** Returns a LaunchAgent that starts it at each login to the desktop, once. */
export const launchAgent = ({ command, env }: Launch): string =>
  plist({
    Label: APP_ID,
    ProgramArguments: command,
    EnvironmentVariables: env,
    RunAtLoad: true,
    LimitLoadToSessionType: 'Aqua',
    ProcessType: 'Interactive',
    // The started backend continues after its starter has exited; launchd would end the group.
    AbandonProcessGroup: true,
  })

/** Returns the Info.plist of the .app stub. */
export const appInfo = (version: string): string =>
  plist({
    CFBundleDisplayName: APP_NAME,
    CFBundleExecutable: 'serena-deck',
    CFBundleIconFile: 'serena-deck.icns',
    CFBundleIdentifier: APP_ID,
    CFBundleInfoDictionaryVersion: '6.0',
    CFBundleName: APP_NAME,
    CFBundlePackageType: 'APPL',
    CFBundleShortVersionString: version,
    CFBundleVersion: version,
    LSMinimumSystemVersion: '11.0',
    // The stub only starts the program: no second icon in the Dock.
    LSUIElement: true,
  })

/** Returns the program inside the .app stub. */
export function shellScript(launch: Launch): string {
  const settings = variables(launch).map(([name, value]) => `export ${name}=${shellWord(value)}`)
  return ['#!/bin/sh', ...settings, `exec ${launch.command.map(shellWord).join(' ')}`, ''].join('\n')
}

/** Returns a Windows command line. Shortcuts and the Run key cannot hold an environment. */
export const windowsCommandLine = (words: readonly string[]): string => words.map(windowsWord).join(' ')

/** Returns a registry file that starts it at login; null removes the value. Write it with `registryBytes`. */
export function runKeyFile(launch: Launch | null): string {
  const value = launch === null ? '-' : registryString(windowsCommandLine(launch.command))
  return [
    'Windows Registry Editor Version 5.00',
    '',
    `[${RUN_KEY}]`,
    `${registryString(APP_NAME)}=${value}`,
    '',
    '',
  ].join('\r\n')
}

/** Returns the bytes of a registry file: UTF-16, little endian, with a byte order mark. */
export const registryBytes = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

/**
 * Returns a PowerShell script that writes a Start-menu shortcut. WScript.Shell makes the file but takes no name beyond the ANSI code
 * page, so the link is filled through Shell.Application, which does.
 */
export function shortcutScript(launch: Launch, file: string, icon: string): string {
  const [program, ...rest] = launch.command
  const text = powershellString
  return [
    `$ErrorActionPreference = 'Stop'`,
    `$file = ${text(file)}`,
    `$folder = [IO.Path]::GetDirectoryName($file)`,
    `$null = [IO.Directory]::CreateDirectory($folder)`,
    `$plain = [IO.Path]::Combine([IO.Path]::GetTempPath(), [IO.Path]::GetRandomFileName() + '.lnk')`,
    `(New-Object -ComObject WScript.Shell).CreateShortcut($plain).Save()`,
    `[IO.File]::Copy($plain, $file, $true)`,
    `[IO.File]::Delete($plain)`,
    `$link = (New-Object -ComObject Shell.Application).NameSpace($folder).ParseName([IO.Path]::GetFileName($file)).GetLink`,
    `$link.Path = ${text(program)}`,
    `$link.Arguments = ${text(windowsCommandLine(rest))}`,
    `$link.Description = ${text(COMMENT)}`,
    // Minimized: the console of the program that starts the window does not come to the front.
    `$link.ShowCommand = 7`,
    `$link.SetIconLocation(${text(icon)}, 0)`,
    `$link.Save()`,
  ].join('\r\n')
}

/** Returns an icon file of Windows around one PNG of 256 pixels (Vista and newer read it). */
export function icoOf(png: Buffer): Buffer {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  // Width and height 0 mean 256.
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, png])
}

/** Returns an icon file of macOS around PNGs of 256 and 512 pixels. */
export function icnsOf(png256: Buffer, png512: Buffer): Buffer {
  const part = (kind: string, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.write(kind, 'latin1')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  }
  return part('icns', Buffer.concat([part('ic08', png256), part('ic09', png512)]))
}
