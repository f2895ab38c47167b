// Finds the instance that TARGET names. Pure.
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'

export interface TargetContext {
  /** Converts a relative path to an absolute one; only the shell knows the current folder. */
  absolutePath: (path: string) => string
  /** Pids of launchers (`uvx`, `sh -c`) to the pid of their instance; empty: not known. */
  launchers: ReadonlyMap<number, number>
}

/** What a target is matched with: an instance, or a registry entry. */
export type Targetable = Pick<Instance, 'title' | 'pid' | 'port' | 'project'>

const NUMBER = /^[1-9]\d*$/
const PREFIXED = /^(pid|port):([1-9]\d*)$/
const withoutEndSlash = (path: string): string => (path.length > 1 ? path.replace(/[/\\]+$/, '') : path)

/** How an ambiguous instance is named in the error: its title and the targets that match only this instance. */
function describe({ title, pid, port }: Targetable, all: readonly Targetable[]): string {
  // Two addresses may have the same port.
  const isPortShared = all.filter((one) => one.port === port).length > 1
  const ways = [pid === null ? null : `pid:${pid}`, port === null || isPortShared ? null : `port:${port}`]
  return `${visibleLine(title)} (${ways.filter((way) => way !== null).join(', ')})`
}

function matcherOf(target: string, { absolutePath, launchers }: TargetContext): (one: Targetable) => boolean {
  const prefixed = PREFIXED.exec(target)
  const isPid = (one: Targetable, pid: number): boolean =>
    one.pid !== null && (one.pid === pid || one.pid === launchers.get(pid))
  if (prefixed) {
    const value = Number(prefixed[2])
    return prefixed[1] === 'pid' ? (one) => isPid(one, value) : (one) => one.port === value
  }
  // An empty word, as of a variable that is not set, would be the current folder.
  const path = target === '' ? null : withoutEndSlash(absolutePath(target))
  const number = NUMBER.test(target) ? Number(target) : null
  return (one) =>
    (number !== null && (isPid(one, number) || one.port === number)) ||
    one.project?.name === target ||
    (one.project?.path !== null &&
      one.project?.path !== undefined &&
      withoutEndSlash(one.project.path) === path)
}

/**
 * Returns the one instance that TARGET names: a pid (that of a launcher means its instance), a port, a project's name or path, `pid:N`,
 * `port:N`. Throws `instance-not-found`, or `target-ambiguous` with the matches.
 */
export function resolveTarget<One extends Targetable>(
  target: string,
  instances: readonly One[],
  context: TargetContext,
): One {
  const matches = instances.filter(matcherOf(target, context))
  const [first, ...others] = matches
  if (first === undefined) throw new AppError('instance-not-found', { target: visibleLine(target) })
  if (others.length > 0) {
    throw new AppError('target-ambiguous', {
      target: visibleLine(target),
      matches: matches.map((one) => describe(one, matches)).join('; '),
    })
  }
  return first
}
