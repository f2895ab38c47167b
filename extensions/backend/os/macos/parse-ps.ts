// What `ps` prints -> facts. Pure. Columns and their forms are those of Apple's adv_cmds (ps/keyword.c, ps/print.c); procps of
// Linux prints the same ones a little otherwise and is understood too. What does not parse is left out and said so.
import { posix } from 'node:path'
import type { ProcessFact } from '../process-facts.ts'
import { splitArguments } from './split-arguments.ts'

/** Columns of a whole row; `args` last, because it may hold anything. */
export const COLUMNS = 'pid=,ppid=,pgid=,uid=,stat=,rss=,time=,lstart=,args='
/** Columns of a quick scan: no arguments, which the system reads one process at a time. */
export const SCAN_COLUMNS = 'pid=,stat=,time=,lstart='

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const STARTED = String.raw`(\w{3} +\w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4})`
const ROW = new RegExp(
  String.raw`^ *(\d{1,10}) +(\d{1,10}) +(\d{1,10}) +(-?\d{1,10}) +(\S+) +(\S+) +(\S+) +${STARTED}(?: +([^]*))?$`,
)
const SCAN = new RegExp(String.raw`^ *(\d{1,10}) +(\S+) +(\S+) +${STARTED} *$`)

/** A process with its command as printed. */
export interface PsRow {
  fact: ProcessFact
  command: string
}

export type ScanRow = Pick<ProcessFact, 'identity' | 'pid' | 'runState' | 'cpuMs' | 'startedAtMs'>

export interface Parsed<Row> {
  rows: readonly Row[]
  /** False: a line was not understood, so what is missing may be there. */
  isWhole: boolean
}

/** Rows of COLUMNS. */
export const parseRows = (text: string): Parsed<PsRow> => parseLines(text, parseRow)

/** Rows of SCAN_COLUMNS. */
export const parseScans = (text: string): Parsed<ScanRow> => parseLines(text, parseScan)

function parseLines<Row>(text: string, parse: (line: string) => Row | null): Parsed<Row> {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const rows = lines.map(parse).filter((row) => row !== null)
  return { rows, isWhole: rows.length === lines.length }
}

function parseRow(line: string): PsRow | null {
  const [, pid, ppid, pgid, uid, stat = '', rss = '', time = '', started = '', args = ''] =
    ROW.exec(line) ?? []
  const startedAtMs = parseStarted(started)
  if (startedAtMs === null) return null
  const runState = runStateOf(stat)
  const argv = argvOf(args, runState)
  const fact: ProcessFact = {
    identity: identityOf(Number(pid), startedAtMs),
    pid: Number(pid),
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: null,
    // Printed as a signed number: `nobody` is -2.
    uid: Number(uid) >>> 0,
    startedAtMs,
    name: nameOf(args, argv),
    argv,
    runState,
    rssBytes: /^\d{1,12}$/.test(rss) ? Number(rss) * 1024 : null,
    cpuMs: parseCpuTime(time),
  }
  return { fact, command: args }
}

function parseScan(line: string): ScanRow | null {
  const [, pid, stat = '', time = '', started = ''] = SCAN.exec(line) ?? []
  const startedAtMs = parseStarted(started)
  if (startedAtMs === null) return null
  return {
    identity: identityOf(Number(pid), startedAtMs),
    pid: Number(pid),
    runState: runStateOf(stat),
    cpuMs: parseCpuTime(time),
    startedAtMs,
  }
}

/** To the second: ps reports a start no more precisely. */
const identityOf = (pid: number, startedAtMs: number): string => `${pid}:${startedAtMs}`

/** R S I U T Z (and H, halted); `?` is unknown. What follows the first letter is about priorities and terminals. */
const runStateOf = (stat: string): string | null => /^[A-Za-z]/.exec(stat)?.[0] ?? null

/** A defunct process has none; `(name)` and `[name]` mean arguments that could not be read. */
function argvOf(command: string, runState: string | null): readonly string[] | null {
  if (runState === 'Z') return []
  if (command === '' || hiddenName(command) !== null) return null
  return splitArguments(command)
}

const nameOf = (command: string, argv: readonly string[] | null): string =>
  hiddenName(command) ?? posix.basename(argv?.[0] ?? '')

const hiddenName = (command: string): string | null => {
  const match = /^(?:\(([^]+)\)|\[([^]+)\](?: <defunct>)?)$/.exec(command.trim())
  return match?.[1] ?? match?.[2] ?? null
}

/** Parses `Tue Nov 25 16:11:42 2025` in UTC (the tools run with TZ=UTC0) into epoch milliseconds; null: it is not a valid time. */
export function parseStarted(text: string): number | null {
  const match = /^\w{3} +(\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text)
  if (!match) return null
  const [, month = '', ...rest] = match
  const [day = 0, hours = 0, minutes = 0, seconds = 0, year = 0] = rest.map(Number)
  const date = new Date(Date.UTC(year, MONTHS.indexOf(month), day, hours, minutes, seconds))
  const isReal =
    MONTHS.includes(month) && date.getUTCDate() === day && date.getUTCHours() === hours && year >= 1970
  return isReal ? date.getTime() : null
}

/** Parses user and system time: macOS `m:ss.cc` (unlimited minutes), Linux `[dd-]hh:mm:ss`; null: `-` or anything else. */
export function parseCpuTime(text: string): number | null {
  const match = /^(?:(\d{1,6})-)?(?:(\d{1,6}):)?(\d{1,8}):(\d\d)(?:\.(\d\d))?$/.exec(text)
  if (!match) return null
  const [days = 0, hours = 0, minutes = 0, seconds = 0, hundredths = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
}

/**
 * Returns the `wanted` variables in the output of `ps -E -o args=`. The environment follows the arguments (`command`, as printed
 * without -E), separated by spaces only: a value extends to the next ` NAME=`, so that a folder with a space stays whole.
 * Null: the system gave no environment, as it does for other users' and for restricted programs.
 */
export function parseEnvironment(
  text: string,
  command: string,
  wanted: readonly string[],
): Record<string, string> | null {
  const line = text.replace(/\n$/, '')
  if (command === '' || !line.startsWith(command)) return null
  const [before = '', ...pairs] = line.slice(command.length).split(/ (?=[A-Za-z_]\w*=)/)
  if (before.trim() !== '' || pairs.length === 0) return null
  const found = new Map<string, string>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    // The first of two is the one that a program sees.
    if (wanted.includes(name) && !found.has(name)) found.set(name, pair.slice(equals + 1))
  }
  return Object.fromEntries(found)
}
