// Starts the built demo as a child process, for pictures and measurements.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './steps.mjs'

/**
 * Starts `demo --json` of the build and waits until it is ready.
 * @param {{ cwd?: string, args?: string[] }} options
 * @returns {Promise<{ openUrl: string, url: string, pid: number, stop: () => Promise<void> }>}
 */
export async function startBuiltDemo({ cwd = root, args = [] } = {}) {
  const child = spawn(
    process.execPath,
    [join(root, 'dist', 'backend', 'cli.js'), 'demo', '--json', ...args],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`the demo exited (exit code ${code})`)))
  })
  const { openUrl, url, pid } = JSON.parse(line)
  return {
    openUrl,
    url,
    pid,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
