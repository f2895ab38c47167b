// Processes that adopt orphans. Pure.
import type { ProcessFact } from './process-facts.ts'

/** Returns whether a process adopts orphans: init, `systemd --user`, the relay and init of WSL. */
export function isReaper({ pid, name, argv }: Pick<ProcessFact, 'pid' | 'name' | 'argv'>): boolean {
  if (pid <= 1) return true
  if (name === 'systemd') return argv?.includes('--user') ?? false
  return name === 'init' || /^Relay\(/.test(name)
}
