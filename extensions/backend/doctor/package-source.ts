// The package that `uvx`, `uv tool run` or `pipx run` takes Serena from. Pure.
import { RUNNERS } from '../serena/runners.ts'
import { versionIn } from './compare-versions.ts'
import type { PackageSource } from './facts.ts'

const RUNNER = /(?:^|[\\/])(uvx|uv|pipx)(?:\.exe)?$/i
const SOURCE_OPTIONS: readonly string[] = ['--from', '--spec']

/** Returns the package; null: no package runner starts it, or from a local folder. */
export function packageSourceOf(argv: readonly string[]): PackageSource | null {
  const at = argv.findIndex((word) => RUNNER.test(word))
  const runner = RUNNER.exec(argv[at] ?? '')?.[1]?.toLowerCase()
  if (runner === undefined) return null
  const from = argv.findIndex(
    (word, index) => index > at && SOURCE_OPTIONS.includes(word.split('=')[0] ?? ''),
  )
  if (from >= 0) {
    const word = argv[from] ?? ''
    const isJoined = word.includes('=') && SOURCE_OPTIONS.includes(word.split('=')[0] ?? '')
    const index = isJoined ? from : from + 1
    return sourceIn(isJoined ? word.slice(word.indexOf('=') + 1) : (argv[index] ?? ''), index)
  }
  // `uv run` uses the project of its folder.
  const words = argv.slice(at + 1)
  if (runner === 'uv' && !(words[0] === 'tool' && words[1] === 'run') && words[0] !== 'x') return null
  const index = firstPlain(
    argv,
    at + 1 + (runner === 'uv' ? (words[0] === 'x' ? 1 : 2) : runner === 'pipx' ? 1 : 0),
    runner,
  )
  return index === null ? null : sourceIn(argv[index] ?? '', index)
}

function firstPlain(argv: readonly string[], from: number, runner: string): number | null {
  const valued = RUNNERS.get(runner) ?? []
  for (let at = from; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-')) return at
    if (valued.includes(word)) at++
  }
  return null
}

function sourceIn(text: string, index: number): PackageSource | null {
  const repository = /git\+\w+:\/\/[^/]+\/([^#]*)/.exec(text)?.[1]
  if (repository !== undefined) {
    const ref = repository.includes('@') ? repository.slice(repository.lastIndexOf('@') + 1) : null
    return { kind: 'git', text, index, ref, version: ref === null ? null : versionIn(ref) }
  }
  const [, name, , required] =
    /^(serena(?:-agent|-mcp-server)?)(\[[^\]]*\])?(?:(?:==|@)(.+))?$/.exec(text.trim()) ?? []
  if (name === undefined) return null
  const ref = required ?? null
  return { kind: 'index', text, index, ref, version: ref === null ? null : versionIn(ref) }
}
