// Whether the other end of a unix socket is open: by the count of its references where this kernel tells by them, else by `ss`.
// Which of the two tells the truth here is tried on a child of our own before either is believed.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { socketInode } from './parse-sockets.ts'
import { parseSocketPeers, parseUnixReferences } from './parse-wire.ts'
import { readLink, readWhole } from './read-proc.ts'

const OPEN_REFERENCES = 3
const CLOSED_REFERENCES = 2
/** One reading of the table serves all that ask within so long. */
const TABLE_LASTS_MS = 250
const PATIENCE_MS = 1_000
/** Where distributions put it: a desktop's PATH may not name the second. */
const SS = ['/usr/bin/ss', '/usr/sbin/ss', '/bin/ss', '/sbin/ss']
const SS_LIMITS = { timeout: 5_000, maxBuffer: 16 * 1024 * 1024, killSignal: 'SIGKILL' } as const

/** `unlisted`: nothing is said of that socket here. */
export type SocketEnd = 'open' | 'closed' | 'unlisted'

/** The other end of a process's socket. */
export type SocketEnds = (pid: number, inode: string) => Promise<SocketEnd>

/** By references: 3 while the peer is open, 2 once it is closed. */
export function endsByReferences(now: () => number): SocketEnds {
  const tables = new Map<string, { atMs: number; references: Map<string, number> }>()
  const ownNetwork = readLink('/proc/self/ns/net') ?? ''

  /** References of a socket in the network namespace of `of`; a socket newer than the last reading is looked up anew. */
  function referencesIn(of: string, network: string, inode: string): number | undefined {
    const known = tables.get(network)
    if (known && now() - known.atMs < TABLE_LASTS_MS && known.references.has(inode))
      return known.references.get(inode)
    const references = parseUnixReferences(readWhole(`/proc/${of}/net/unix`) ?? '')
    tables.set(network, { atMs: now(), references })
    return references.get(inode)
  }

  return (pid, inode) => {
    // A socket is listed in the network namespace that it was made in: its client's may be ours or the process's.
    const network = readLink(`/proc/${pid}/ns/net`)
    let count = referencesIn('self', ownNetwork, inode)
    if (count === undefined && network !== null && network !== ownNetwork)
      count = referencesIn(String(pid), network, inode)
    if (count === CLOSED_REFERENCES) return Promise.resolve('closed')
    return Promise.resolve(count !== undefined && count >= OPEN_REFERENCES ? 'open' : 'unlisted')
  }
}

/** By the peer's inode as `ss -xH` prints it; of our own network namespace only. */
export function endsBySs(now: () => number): SocketEnds {
  let table: { atMs: number; peers: Promise<Map<string, string | null>> } | null = null
  const read = async (): Promise<Map<string, string | null>> => {
    for (const file of SS) {
      const text = await run(file)
      if (text !== null) return parseSocketPeers(text)
    }
    return new Map()
  }
  return async (_, inode) => {
    if (!table || now() - table.atMs >= TABLE_LASTS_MS) table = { atMs: now(), peers: read() }
    const peer = (await table.peers).get(inode)
    if (peer === undefined) return 'unlisted'
    return peer === null ? 'closed' : 'open'
  }
}

/** Null: it is not there, or failed. */
const run = (file: string): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(file, ['-xH'], { ...SS_LIMITS, env: { LC_ALL: 'C' } }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    )
  })

/** The first way that tells the truth here; null: none does. */
export async function chooseSocketEnds(
  now: () => number,
  ways: readonly SocketEnds[] = [endsByReferences(now), endsBySs(now)],
): Promise<SocketEnds | null> {
  for (const way of ways) if (await tellsTheTruth(way)) return way
  return null
}

/** True: a child's stdin was told open while we held its other end, and closed once we had closed it. Takes a few milliseconds. */
export async function tellsTheTruth(endOf: SocketEnds): Promise<boolean> {
  const child = spawn('sleep', ['5'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  // A closed end is what is tried here.
  child.stdin.on('error', () => undefined)
  try {
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    const inode = socketInode(readLink(`/proc/${pid}/fd/0`) ?? '')
    if (inode === null || (await endOf(pid, inode)) !== 'open') return false
    child.stdin.destroy()
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(5))
      if ((await endOf(pid, inode)) !== 'open') break
    return (await endOf(pid, inode)) === 'closed'
  } catch {
    // No `sleep`, no descriptors: then nothing is told.
    return false
  } finally {
    child.kill('SIGKILL')
    if (child.pid !== undefined) await gone
  }
}
