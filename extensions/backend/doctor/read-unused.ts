// Folders of a SERENA_HOME that only take space: old logs, language servers and caches that no installed version uses.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { countOf } from '#contract/units'
import { namesIn } from '../os/files/names-in.ts'
import type { InstalledSerena, ProjectFact, UnusedFact } from './facts.ts'
import { packageFolders } from './serena-installs.ts'

const DAY_MS = 86_400_000
const OLD_LOGS_MS = 30 * DAY_MS
/** Less is not worth a finding. */
const LEAST_BYTES = 1_000_000
const MOST_FILES = 20_000

/** Returns what only takes space. A language server counts only if the sources of all installed versions are readable. */
export function readUnused(
  serenaHomes: readonly string[],
  projects: readonly ProjectFact[],
  serenas: readonly InstalledSerena[],
  nowMs: number,
): UnusedFact[] {
  return [
    ...serenaHomes.flatMap((home) => [...oldLogs(home, nowMs), ...unusedServers(home, serenas)]),
    ...projects.flatMap(({ data }) => (data === null ? [] : oldCaches(data))),
  ]
}

function oldLogs(serenaHome: string, nowMs: number): UnusedFact[] {
  const folder = join(serenaHome, 'logs')
  const old = namesIn(folder).filter(
    (name) => /^\d{4}-\d\d-\d\d$/.test(name) && nowMs - Date.parse(name) > OLD_LOGS_MS,
  )
  const bytes = old.reduce((sum, name) => sum + sizeOf(join(folder, name)), 0)
  if (bytes < LEAST_BYTES) return []
  const reason = `Serena never removes its logs: ${countOf(old.length, 'folder')} of logs ${old.length === 1 ? 'is' : 'are'} older than 30 days.`
  return [{ kind: 'logs', folder, bytes, reason }]
}

function unusedServers(serenaHome: string, serenas: readonly InstalledSerena[]): UnusedFact[] {
  const folder = join(serenaHome, 'language_servers', 'static')
  const names = namesIn(folder)
  if (names.length === 0 || serenas.length === 0) return []
  const sources = serenas.map(sourcesOf)
  if (sources.some((one) => one === null)) return []
  return names
    .filter(
      (name) =>
        /^[A-Z]\w+$/.test(name) && !sources.some((text) => new RegExp(`\\b${name}\\b`).test(text ?? '')),
    )
    .map((name) => ({
      kind: 'language-server' as const,
      folder: join(folder, name),
      bytes: sizeOf(join(folder, name)),
      reason: `Serena ${serenas.map(({ version }) => version).join(' and ')} has no language server with this name.`,
    }))
}

/** The sources of the language servers of one version; null: not readable. */
function sourcesOf({ root }: InstalledSerena): string | null {
  for (const packages of packageFolders(root)) {
    const folder = join(packages, 'solidlsp', 'language_servers')
    const names = namesIn(folder).filter((name) => name.endsWith('.py'))
    if (names.length > 0) return names.map((name) => textOf(join(folder, name))).join('\n')
  }
  return null
}

/** Caches with the names of 0.1.x, which later versions do not open. */
function oldCaches(data: string): UnusedFact[] {
  const cache = join(data, 'cache')
  return namesIn(cache).flatMap((name) => {
    const folder = join(cache, name)
    const names = namesIn(folder)
    const old = names.filter((one) => /^document_symbols_cache_v.*\.pkl$/.test(one))
    const bytes = old.reduce((sum, one) => sum + sizeOf(join(folder, one)), 0)
    // Only beside the cache of a later version: otherwise an old one may still use it.
    if (old.length === 0 || !names.includes('document_symbols.pkl') || bytes < LEAST_BYTES) return []
    const reason = `Later versions use document_symbols.pkl: ${old.join(', ')} is from an earlier one.`
    return [{ kind: 'cache' as const, folder, bytes, reason }]
  })
}

/** The size of a file or of all files below a folder; links are not followed. */
function sizeOf(path: string): number {
  let bytes = 0
  let left = MOST_FILES
  const open = [path]
  while (open.length > 0 && left > 0) {
    left -= 1
    const next = open.pop() ?? ''
    try {
      const stats = statSync(next)
      if (stats.isDirectory())
        open.push(
          ...readdirSync(next, { withFileTypes: true })
            .filter((one) => !one.isSymbolicLink())
            .map(({ name }) => join(next, name)),
        )
      else bytes += stats.size
    } catch {
      // Removed meanwhile, or not readable.
    }
  }
  return bytes
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Removed meanwhile.
    return ''
  }
}
