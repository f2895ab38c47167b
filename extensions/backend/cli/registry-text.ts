// The registry as text for a terminal. Pure.
import type { ListedEntry, RegistryList } from '#contract/registry'
import { visibleLine } from '#contract/visible-text'
import { alignColumns } from './columns.ts'

const WORDS: Readonly<Record<ListedEntry['process'], string>> = {
  lives: 'running',
  gone: 'exited',
  defunct: 'zombie (defunct)',
  reused: 'pid reused',
  unknown: 'unknown',
}
const HEAD = ['PID', 'PROCESS', 'PROJECT', 'PORT', 'WRITER', 'FILE']

/** Returns one line per entry, then what could not be read. Ends with a newline. */
export function registryText({ entries, problems }: RegistryList): string {
  const rows = entries.map(({ pid, process, project, port, shape, file }) => [
    String(pid),
    WORDS[process],
    visibleLine(project?.name ?? '-'),
    port === null ? '-' : `:${port}`,
    shape === 'own' ? 'serena-deck' : `another (shape ${shape})`,
    visibleLine(file),
  ])
  const table = rows.length === 0 ? ['The registry is empty.'] : alignColumns([HEAD, ...rows], new Set([0]))
  return `${[...table, ...problems.map((text) => `warning: ${visibleLine(text)}`)].join('\n')}\n`
}
