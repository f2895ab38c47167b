// `demo`: stand-ins of every kind in a temporary SERENA_HOME, with a backend of their own; all are ended on exit.
import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { startDemo } from '../demo/demo.ts'
import { pageFolder } from '../lib/product.ts'
import type { Terminal } from '../os/terminal.ts'
import { serve } from '../serving/serve.ts'
import { countFlag, parseFlags, portFlag, switchFlag } from './flags.ts'
import { showAddress } from './open.ts'
import { readyText } from './serve.ts'

const flagsSchema = z.object({
  json: switchFlag,
  print: switchFlag,
  instances: countFlag('--instances', 0),
  port: portFlag(),
})

/** Runs the stand-ins and a backend for them until it is stopped. */
export async function runDemo(flags: unknown, terminal: Terminal): Promise<void> {
  const { json, print, instances, port } = parseFlags(flagsSchema, flags)
  const stopped = terminal.untilStopped()
  const demo = await startDemo(instances ?? null)
  try {
    const env = {
      ...terminal.env,
      SERENA_HOME: demo.serenaHome,
      // A list of homes. A temporary folder never contains the separator, which cannot be quoted.
      SERENA_DECK_ONLY_HOMES: [demo.serenaHome].join(delimiter),
      SERENA_DECK_STATE: demo.stateFolder,
    }
    const running = await serve({ env, platform: terminal.platform, port: port ?? 0, pageFolder })
    if ('attached' in running) throw new Error('a backend with a fresh state folder attached to another')
    try {
      if (json) terminal.write(readyText(running))
      else if (print) terminal.write(`${running.openUrl}\n`)
      else {
        await showAddress(running.openUrl, demo.stateFolder, terminal)
        terminal.write('The demo ends with Ctrl+C.\n')
      }
      await stopped
    } finally {
      await running.close()
    }
  } finally {
    await demo.stop()
  }
}
