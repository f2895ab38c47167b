// `status TARGET`: the facts of one instance, one per line.

import * as z from 'zod/mini'
import { LIST_VERSION } from '#contract/versions'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { statusText } from './list-text.ts'

const flagsSchema = z.object({ json: switchFlag })

/** Runs `status TARGET`: prints everything that is known about one instance. */
export async function runStatus(target: string, flags: unknown, terminal: Terminal): Promise<void> {
  const { json } = parseFlags(flagsSchema, flags)
  await withSource(terminal, async (source) => {
    const instance = await findInstance(source, target, terminal)
    terminal.write(
      json
        ? `${JSON.stringify({ schema: LIST_VERSION, ...instance }, null, 2)}\n`
        : statusText(instance, Date.now()),
    )
  })
}
