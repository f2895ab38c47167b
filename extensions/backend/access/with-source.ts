// Opens the source of a command's answers.

import { resolve } from 'node:path'
import type { Instance } from '#contract/instance'
import type { Terminal } from '../os/terminal.ts'
import { findLaunchers } from '../serena/find-launchers.ts'
import type { DeckSource } from './deck-source.ts'
import { openOwnDeck } from './own-deck.ts'
import { findRunning } from './running-backend.ts'
import { resolveTarget } from './target.ts'

/** Runs a command with a source, and closes the source afterwards. */
export async function withSource<Result>(
  terminal: Terminal,
  use: (source: DeckSource) => Promise<Result>,
): Promise<Result> {
  const { env, platform, writeError } = terminal
  const running = await findRunning(env, platform, (text) =>
    writeError(
      `${text} This command runs its own scan, without the observations of the running Serena Deck.\n`,
    ),
  )
  const source = running ?? (await openOwnDeck(terminal))
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}

/** Returns the instance that TARGET names, from a fresh list. Throws `instance-not-found` or `target-ambiguous`. */
export async function findInstance(
  source: DeckSource,
  target: string,
  { cwd, platform }: Terminal,
): Promise<Instance> {
  const { instances } = await source.list()
  return resolveTarget(target, instances, {
    absolutePath: (path) => resolve(cwd, path),
    launchers: await findLaunchers(platform),
  })
}
