// The texts that make Serena Deck known to a desktop: one pure function per kind of file.
import { WINDOW_NAME } from '../native-window.ts'
import { plist } from './plist.ts'
import {
  desktopExec,
  desktopString,
  powershellString,
  registryString,
  shellWord,
  windowsWord,
} from './quoting.ts'

/** What is to be started, all of it absolute: a desktop session has neither our folder nor nvm's PATH. */
export interface Launch {
  /** The program and its arguments. */
  command: readonly [string, ...string[]]
  /** What it needs in its environment. */
  env: Readonly<Record<string, string>>
}

export const APP_NAME = 'Serena Deck'
export const APP_ID = 'io.github.serena_deck.SerenaDeck'
/** The class that GTK makes of the window's name: by it a desktop knows whose icon the window has. */
const WINDOW_CLASS = WINDOW_NAME.charAt(0).toUpperCase() + WINDOW_NAME.slice(1)
const COMMENT = 'Every Serena on this machine in one small window'
export const RUN_KEY = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'

const variables = ({ env }: Launch): (readonly [string, string])[] =>
  Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))

/** A desktop entry (XDG). With `isAutostart` for the autostart folder: shown nowhere, started at login. */
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

/** A LaunchAgent that starts it at each login to the desktop, once. */
export const launchAgent = ({ command, env }: Launch): string =>
  plist({
    Label: APP_ID,
    ProgramArguments: command,
    EnvironmentVariables: env,
    RunAtLoad: true,
    LimitLoadToSessionType: 'Aqua',
    ProcessType: 'Interactive',
    // What is started lives on when the starter has ended; launchd would end its group.
    AbandonProcessGroup: true,
  })

/** Info.plist of the .app stub. */
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
    // The stub only starts it: no second mark in the Dock.
    LSUIElement: true,
  })

/** The program inside the .app stub. */
export function shellScript(launch: Launch): string {
  const settings = variables(launch).map(([name, value]) => `export ${name}=${shellWord(value)}`)
  return ['#!/bin/sh', ...settings, `exec ${launch.command.map(shellWord).join(' ')}`, ''].join('\n')
}

/** One Windows command line. Windows has no place for an environment in shortcuts and in the Run key. */
export const windowsCommandLine = (words: readonly string[]): string => words.map(windowsWord).join(' ')

/** A registry file that starts it at login; null takes it out again. To be written as UTF-16 with its mark (`registryBytes`). */
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

/** A registry file's bytes: UTF-16, little end first, with the mark that says so. */
export const registryBytes = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

/**
 * A PowerShell script that writes a Start-menu shortcut. WScript.Shell makes the file but takes no name beyond the ANSI
 * code page, so the link is filled through Shell.Application, which does.
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
    // Minimised: the console of the program that starts the window does not jump into sight.
    `$link.ShowCommand = 7`,
    `$link.SetIconLocation(${text(icon)}, 0)`,
    `$link.Save()`,
  ].join('\r\n')
}

/** An icon file of Windows around one PNG of 256 pixels (Vista and newer read it). */
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

/** An icon file of macOS around PNGs of 256 and 512 pixels. */
export function icnsOf(png256: Buffer, png512: Buffer): Buffer {
  const part = (kind: string, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.write(kind, 'latin1')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  }
  return part('icns', Buffer.concat([part('ic08', png256), part('ic09', png512)]))
}
