// `doctor --probe`: starts the entries for real and prints how each answers.
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { mayStart } from '../doctor/entry-sets.ts'
import type { DoctorFacts } from '../doctor/facts.ts'
import { type ProbeResult, probeEntry } from '../doctor/probe.ts'
import type { Terminal } from '../os/terminal.ts'

/** Probes the entries with that name or of that client, or all, one after the other; resolves to the exit code. */
export async function runProbe(
  name: string | null,
  facts: DoctorFacts,
  isJson: boolean,
  { env, cwd, write, writeError }: Terminal,
): Promise<number> {
  if (facts.isElsewhere)
    throw new AppError('wrong-use', {
      issue: '--probe cannot be combined with --home: it starts entries of this machine.',
    })
  const chosen = facts.entries.filter(
    (fact) =>
      mayStart(fact) &&
      fact.entry.owner === undefined &&
      (name === null ||
        [fact.entry.name, fact.entry.client, `${fact.entry.client}:${fact.entry.name}`].includes(name)),
  )
  if (chosen.length === 0) {
    writeError(
      name === null
        ? 'No entry starts a Serena.\n'
        : `No entry with the name ${visibleLine(name)} starts a Serena.\n`,
    )
    return 3
  }
  const results: ProbeResult[] = []
  for (const fact of chosen) {
    const result = await probeEntry(fact, env, cwd)
    results.push(result)
    if (!isJson) write(lineOf(result))
  }
  if (isJson) write(`${JSON.stringify({ schema: COMMAND_VERSION, probes: results }, null, 2)}\n`)
  return results.every(({ failure }) => failure === null) ? 0 : 1
}

function lineOf({ client, name, failure, initializeMs, toolsMs, server, tools }: ProbeResult): string {
  const who = `${client} ${visibleLine(name)}`
  if (failure !== null) return `✕ ${who}: ${visibleLine(failure)}\n`
  return `✓ ${who}: ${visibleLine(server ?? 'a server')} answered after ${initializeMs ?? 0} ms, ${tools ?? 0} tools after ${toolsMs ?? 0} ms\n`
}
