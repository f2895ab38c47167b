// Texts of /proc -> values. Pure; what does not parse is null, never a guess.

/** Fields of `/proc/PID/stat`. Times are clock ticks as the kernel prints them. */
export interface StatLine {
  name: string
  runState: string
  ppid: number
  pgid: number
  sid: number
  cpuTicks: number
  /** Since boot, kept as text: part of the identity. */
  startTicks: string
  rssPages: number
  /** How many threads there are; a process whose first thread has exited is in state Z while others run. */
  threads: number
}

/** The resident pages; those behind are not read. */
const LAST_FIELD = 24

/** Reads a stat line. The name may hold spaces and parentheses, so fields count from the last `)`. */
export function parseStat(text: string): StatLine | null {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ', LAST_FIELD - 2)
  const at = (field: number): string => fields[field - 3] ?? ''
  const numbers = [at(4), at(5), at(6), at(14), at(15), at(20), at(22), at(LAST_FIELD)]
  if (at(3) === '' || numbers.some((value) => !/^-?\d+$/.test(value))) return null
  return {
    name: text.slice(open + 1, close),
    runState: at(3),
    ppid: Number(at(4)),
    pgid: Number(at(5)),
    sid: Number(at(6)),
    cpuTicks: Number(at(14)) + Number(at(15)),
    startTicks: at(22),
    rssPages: Number(at(LAST_FIELD)),
    threads: Number(at(20)),
  }
}

/** Unix98 slaves, Documentation/admin-guide/devices.txt. */
const PTS_MAJOR = 136

/** Returns the number of the pseudo-terminal that controls a process, from its stat line; null: it has none, or a console. */
export function parseTerminal(stat: string): number | null {
  const [, , , , device = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!/^\d+$/.test(device)) return null
  const number = Number(device)
  // man proc_pid_stat: the minor number is in bits 31 to 20 and 7 to 0, the major one in bits 15 to 8.
  if (((number >> 8) & 0xff) !== PTS_MAJOR) return null
  return (number & 0xff) | ((number >>> 12) & 0xfff00)
}

/** Returns the arguments of `/proc/PID/cmdline`; a process may have rewritten it, then it is one argument without a NUL at its end. */
export function parseArgv(text: string): string[] {
  if (text === '') return []
  const whole = text.endsWith('\0') ? text.slice(0, -1) : text
  return whole.split('\0')
}

/**
 * Returns the `wanted` variables of a NUL-separated environment. Each value is a copy: a slice would keep the whole text, including
 * secrets of others, in memory as long as the value.
 */
export function parseEnvironment(text: string, wanted: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of text.split('\0')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, equals))
    if (wanted.includes(name)) found[name] = Buffer.from(pair.slice(equals + 1)).toString()
  }
  return found
}

/** Returns a number of `/proc/PID/status` or `smaps_rollup`, such as `TracerPid: 0` or `Pss: 1234 kB`; null: no such line. */
export function parseNumberLine(text: string, key: string): number | null {
  const match = new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)
  return match?.[1] === undefined ? null : Number(match[1])
}

/** Returns the pids of a process inside pid namespaces below ours, from `/proc/PID/status`; empty: it is in ours. */
export function parseInnerPids(text: string): number[] {
  const line = /^NSpid:\s+(.*)$/m.exec(text)?.[1] ?? ''
  return line.split(/\s+/).slice(1).map(Number).filter(Number.isInteger)
}

/** Seconds since the epoch at which the machine booted, from `/proc/stat`. */
export const parseBootTime = (text: string): number | null => {
  const match = /^btime (\d+)$/m.exec(text)
  return match?.[1] === undefined ? null : Number(match[1])
}

/** Returns the unified (v2) and the freezer (v1) path in `/proc/PID/cgroup`. */
export function parseCgroup(text: string): { unified: string | null; freezer: string | null } {
  const paths = text.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
  const of = (isWanted: (controllers: string) => boolean): string | null =>
    paths.find((match) => match && isWanted(match[1] ?? ''))?.[2] ?? null
  return {
    unified: of((controllers) => controllers === ''),
    freezer: of((controllers) => controllers.split(',').includes('freezer')),
  }
}
