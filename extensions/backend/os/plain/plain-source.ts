// The plain source for platforms without one of their own yet: ps-list knows pid, parent, start and command line (on Windows
// not even those two), and no sockets, folders or memory. Unknown facts are null, never a guess.
import psList, { type ProcessDescriptor } from 'ps-list'
import { NO_DETAILS } from '../no-details.ts'
import type { ProcessFact, ProcessSource, ProcessTable, QuickScan } from '../process-facts.ts'

/** Creates the source by ps-list. Quotes in a command line are lost there, so arguments are split at spaces. */
export function createPlainSource(): ProcessSource {
  let seen: ReadonlySet<number> = new Set()

  async function list(): Promise<ProcessTable> {
    const facts = (await psList()).map(factOf)
    seen = new Set(facts.map(({ pid }) => pid))
    return { isComplete: true, byPid: new Map(facts.map((fact) => [fact.pid, fact])) }
  }

  return {
    ownUid: process.getuid?.() ?? null,
    pidNamespace: null,
    list,
    async quickScan(watched): Promise<QuickScan> {
      const before = seen
      const { byPid } = await list()
      return {
        pids: new Set(byPid.keys()),
        watched: new Map([...byPid].filter(([pid]) => watched.has(pid))),
        young: [...byPid.values()].filter(({ pid }) => !before.has(pid)),
      }
    },
    details: () => Promise.resolve(NO_DETAILS),
    memory: () => Promise.resolve(null),
    listeners: (processes) => Promise.resolve(new Map(processes.map(({ pid }) => [pid, null]))),
  }
}

function factOf({ pid, ppid, uid, name, cmd, startTime }: ProcessDescriptor): ProcessFact {
  const startedAtMs = startTime?.getTime() ?? 0
  return {
    identity: `${pid}:${startedAtMs}`,
    pid,
    ppid,
    pgid: null,
    sid: null,
    uid: uid ?? null,
    startedAtMs,
    name,
    argv: cmd === undefined ? null : cmd.split(/\s+/).filter((word) => word !== ''),
    runState: null,
    rssBytes: null,
    cpuMs: null,
  }
}
