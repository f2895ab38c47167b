// `jump TARGET`: brings the terminal or editor of an instance's client to the front.
import * as z from 'zod/mini'
import { COMMAND_VERSION } from '#contract/versions'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({ json: switchFlag })
const NOTHING_SHOWN = 3

/** Runs it; resolves to 3 if nothing could be shown, after a sentence that says what to look for. */
export async function runJump(target: string, flags: unknown, terminal: Terminal): Promise<number> {
  const { json } = parseFlags(flagsSchema, flags)
  return withSource(terminal, async (source) => {
    const { id } = await findInstance(source, target, terminal)
    const { isShown, text } = await source.jump(id)
    terminal.write(json ? `${JSON.stringify({ schema: COMMAND_VERSION, isShown, text })}\n` : `${text}\n`)
    return isShown ? 0 : NOTHING_SHOWN
  })
}
