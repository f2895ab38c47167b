// `list`: all instances on this machine, once or after each change.

import * as z from 'zod/mini'
import type { InstanceList } from '#contract/instance'
import { withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { listText } from './list-text.ts'

const flagsSchema = z.object({ json: switchFlag, watch: switchFlag, all: switchFlag })
const CLEAR = '\u001B[2J\u001B[3J\u001B[H'

/** Prints all instances; with `--watch` again after each change, until it is stopped. */
export async function runList(flags: unknown, terminal: Terminal): Promise<void> {
  const { json, watch, all } = parseFlags(flagsSchema, flags)
  const print = (list: InstanceList): void => {
    const text = listText(list, { hasColours: terminal.hasColours, nowMs: Date.now(), isWhole: all })
    // With --watch, JSON has one document per line, and an interactive terminal is redrawn.
    if (json) terminal.write(`${watch ? JSON.stringify(list) : JSON.stringify(list, null, 2)}\n`)
    else terminal.write(watch && terminal.isInteractive ? CLEAR + text : text)
  }
  await withSource(terminal, async (source) => {
    if (!watch) {
      print(await source.list())
      return
    }
    const stop = source.watch(print)
    await Promise.race([terminal.untilStopped(), source.ended])
    stop()
  })
}
