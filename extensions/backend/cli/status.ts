// `status TARGET`: one instance, a fact a line.

import * as z from 'zod/mini'
import { SCHEMA_VERSION } from '#contract/instance'
import { parseFlags, switchFlag } from './flags.ts'
import { statusText } from './list-text.ts'
import { findInstance, withSource } from './source.ts'
import type { Terminal } from './terminal.ts'

const flagsSchema = z.object({ json: switchFlag })

/** `status TARGET`: prints all that is known of one instance. */
export async function runStatus(target: string, flags: unknown, terminal: Terminal): Promise<void> {
  const { json } = parseFlags(flagsSchema, flags)
  await withSource(terminal, async (source) => {
    const instance = await findInstance(source, target, terminal)
    terminal.write(
      json
        ? `${JSON.stringify({ schema: SCHEMA_VERSION, ...instance }, null, 2)}\n`
        : statusText(instance, Date.now()),
    )
  })
}
