// Opens an address in the user's browser without putting it into any command line: other users can read those.
// The address goes into a redirect file that only we can read, and the browser is given the file's name.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { systemProgram } from './windows/system-program.ts'

const REDIRECT_FILE = /^open-[0-9a-f]{16}\.html$/
/** An opener that is still busy after this has found a browser. */
const OPENER_MS = 4000

/** Returns the opener of this platform; null: there is no screen to open anything on. `file` is the last argument of what is run. */
export function openerCommand(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  kernel: string = release(),
): readonly [string, ...string[]] | null {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32')
    return [systemProgram(env, 'System32', 'rundll32.exe'), 'url.dll,FileProtocolHandler']
  // Without a screen xdg-open would start a text browser in this terminal.
  const hasScreen = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['BROWSER'])
  return hasScreen || /microsoft/i.test(kernel) ? ['xdg-open'] : null
}

/** Our address, the nonce, the tab to show, and its view. */
const OWN_ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]+(\.[\w-]+){0,2}$/

/** Returns a page that redirects to the address. The address is ours, so it needs no escaping; it is checked anyway. */
export function redirectPage(address: string): string {
  if (!OWN_ADDRESS.test(address)) throw new Error('not an address of ours')
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Serena Deck</title><meta http-equiv="refresh" content="0;url=${address}"><a href="${address}">Serena Deck</a>\n`
}

async function writeRedirectFile(folder: string, address: string): Promise<string> {
  // Earlier pages: their nonce was used or has expired.
  for (const name of await readdir(folder)) {
    if (REDIRECT_FILE.test(name)) await rm(join(folder, name), { force: true })
  }
  const file = join(folder, `open-${randomBytes(8).toString('hex')}.html`)
  await writeFile(file, redirectPage(address), { flag: 'wx', mode: 0o600 })
  return file
}

/** Runs an opener; true if it accepted the address. `anyExit`: its start is enough. */
export function runOpener(
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  { isVerbatim = false, anyExit = false } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env,
      stdio: 'ignore',
      detached: true,
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    })
    const timer = setTimeout(() => resolve(true), OPENER_MS)
    const settle = (isOpen: boolean): void => {
      clearTimeout(timer)
      resolve(isOpen)
    }
    child.on('error', () => settle(false))
    child.on('exit', (code) => settle(anyExit || code === 0))
    child.unref()
  })
}

/** Returns true if an opener took the address; false when there is none or it failed: then the command must print the address. */
export async function openInBrowser(
  address: string,
  { stateFolder, env, platform }: { stateFolder: string; env: NodeJS.ProcessEnv; platform: NodeJS.Platform },
): Promise<boolean> {
  const opener = openerCommand(platform, env)
  if (opener === null) return false
  const file = await writeRedirectFile(stateFolder, address)
  return runOpener([...opener, file], env)
}
