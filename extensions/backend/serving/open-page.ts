// Opens the page automatically for an instance that has just started: the native window where its runtime is there already, else
// the browser. Nothing is downloaded for it, and without a screen nothing happens.
import { findRunning } from '../access/running-backend.ts'
import { showWindow } from '../access/show-window.ts'
import { openInBrowser } from '../os/open-in-browser.ts'
import { processTerminal } from '../os/terminal.ts'
import { findNativeRuntime } from '../window/native-runtime.ts'

export interface PageOpening {
  /** Returns the address with a new nonce and the tab, for a browser. */
  address: string
  /** For the window. */
  target: string
  stateFolder: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** Returns true if something was opened. */
export async function openPage({
  address,
  target,
  stateFolder,
  env,
  platform,
}: PageOpening): Promise<boolean> {
  const hasRuntime = findNativeRuntime({ env, platform, arch: process.arch }) !== null
  if (hasRuntime) {
    const terminal = { ...processTerminal(), env, platform }
    if (await showWindow({ instance: target }, await findRunning(env, platform), terminal)) return true
  }
  return openInBrowser(address, { stateFolder, env, platform })
}
