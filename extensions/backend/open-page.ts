// Opening the page by itself, for an instance that has just started: the native window where its runtime is there already, else
// the browser. Nothing is downloaded for it, and without a screen nothing happens.
import { findRunning } from './cli/running-backend.ts'
import { showWindow } from './cli/show-window.ts'
import { processTerminal } from './cli/terminal.ts'
import { findNativeRuntime } from './os/native-runtime.ts'
import { openInBrowser } from './os/open-in-browser.ts'

export interface PageOpening {
  /** With a fresh nonce, and the tab for a browser. */
  address: string
  /** For the window. */
  target: string
  stateFolder: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** True when something was opened. */
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
    if (await showWindow(target, await findRunning(env, platform), terminal)) return true
  }
  return openInBrowser(address, { stateFolder, env, platform })
}
