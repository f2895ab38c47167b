// `logs TARGET`: the newest lines of an instance's log, and with -f the lines that follow.

import * as z from 'zod/mini'
import type { Capability, LogPage } from '#contract/details'
import { AppError } from '#contract/errors'
import { countOf } from '#contract/units'
import { visibleText } from '#contract/visible-text'
import { type DeckSource } from '../access/deck-source.ts'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { countFlag, parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({ follow: switchFlag, lines: countFlag('-n') })
const DEFAULT_LINES = 100
const FOLLOW_MS = 1000

function pageOf(answer: Capability<LogPage>): LogPage {
  if (answer.isAvailable) return answer.data
  throw new AppError('dashboard-refused', { message: answer.why })
}

/** Null: the dashboard did not answer in time; the next attempt may succeed. */
async function nextPage(source: DeckSource, id: string, from: number): Promise<LogPage | null> {
  try {
    return pageOf(await source.logs(id, from))
  } catch (error) {
    if (error instanceof AppError && error.code === 'dashboard-timeout') return null
    throw error
  }
}

/** Prints the last lines; with `-f` also new lines, until it is stopped. */
export async function runLogs(target: string, flags: unknown, terminal: Terminal): Promise<void> {
  const { follow, lines = DEFAULT_LINES } = parseFlags(flagsSchema, flags)
  const print = (texts: readonly string[]): void => {
    if (texts.length > 0) terminal.write(`${texts.map(visibleText).join('\n')}\n`)
  }
  await withSource(terminal, async (source) => {
    const { id } = await findInstance(source, target, terminal)
    const first = pageOf(await source.logs(id, 0))
    print(first.lines.slice(-lines))
    if (!follow) return

    let isStopped = false
    const stopped = Promise.race([terminal.untilStopped(), source.ended]).then(() => {
      isStopped = true
    })
    let next = first.next
    while (!isStopped) {
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))])
      if (isStopped) break
      const page = await nextPage(source, id, next)
      if (page === null) continue
      if (page.isReset) terminal.writeError('The log was cleared.\n')
      else if (page.missed > 0)
        terminal.writeError(`Serena dropped ${countOf(page.missed, 'line')} before they could be read.\n`)
      print(page.lines)
      next = page.next
    }
  })
}
