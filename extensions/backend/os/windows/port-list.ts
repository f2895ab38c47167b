// Which sockets each process listens on, by netstat, which needs no privileges and shows the pids of other users too.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Listener, ListenersOf, ProcessFact } from '../process-facts.ts'
import { parseNetstat } from './parse-netstat.ts'

const run = promisify(execFile)

const FRESH_MS = 2_000
const TIMEOUT_MS = 10_000
const MAX_BYTES = 16 * 1024 * 1024

export type ListenersByPid = ReadonlyMap<number, readonly Listener[]>
/** What `netstat -ano -p TCP` or `-p TCPv6` prints; null: it could not be run. */
export type RunNetstat = (protocol: 'TCP' | 'TCPv6') => Promise<string | null>

interface Table {
  byPid: ListenersByPid
  /** False: the sockets of IPv6 could not be read. */
  isWhole: boolean
}

/** Creates a lookup that runs netstat at most every two seconds, once for all callers meanwhile. */
export function createPortList(
  netstat: RunNetstat,
  now: () => number = () => performance.now(),
): (processes: readonly ProcessFact[]) => Promise<ListenersOf> {
  let atMs = Number.NEGATIVE_INFINITY
  let table: Promise<Table | null> = Promise.resolve(null)

  return async (processes) => {
    if (now() - atMs >= FRESH_MS) {
      atMs = now()
      table = readTable(netstat)
    }
    const read = await table
    return new Map(processes.map(({ pid }) => [pid, read && listenersOf(pid, read)]))
  }
}

async function readTable(netstat: RunNetstat): Promise<Table | null> {
  const [four, six] = (await Promise.all([netstat('TCP'), netstat('TCPv6')])).map((text) =>
    text === null ? null : { listeners: parseNetstat(text) },
  )
  // IPv4 always has rows; without IPv6 on the machine its table is empty, which is no failure.
  if (!four?.listeners) return null
  const byPid = new Map(four.listeners)
  for (const [pid, listeners] of six?.listeners ?? [])
    byPid.set(pid, [...(byPid.get(pid) ?? []), ...listeners])
  return { byPid, isWhole: six != null }
}

/** "Listens on nothing" needs both tables. */
function listenersOf(pid: number, { byPid, isWhole }: Table): readonly Listener[] | null {
  return byPid.get(pid) ?? (isWhole ? [] : null)
}

/** Runs the netstat of this machine. Its words are in the console's code page: only ASCII is read of them. */
export function netstatBy(file: string): RunNetstat {
  return async (protocol) => {
    try {
      const { stdout } = await run(file, ['-ano', '-p', protocol], {
        encoding: 'latin1',
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_BYTES,
        windowsHide: true,
      })
      return stdout
    } catch {
      // Not there, forbidden, too slow or too long: unknown.
      return null
    }
  }
}
