// The facts of a Windows machine by native calls: processes, folders, environments, sockets. Two facts stay unknown: who has the other end
// of a pipe (a question to a pipe waits as long as a program reads from it), and the open files (docs/dev/platform-facts.md).

import { launchersAbove } from '../launchers-above.ts'
import { NO_DETAILS } from '../no-details.ts'
import type { Listener, ListenersOf, ProcessDetails, ProcessFact } from '../process-facts.ts'
import type { WindowsCalls } from './native-calls.ts'
import { folderOf, parseEnvironmentBlock } from './native-parameters.ts'
import { createNativeProcessList } from './native-process-list.ts'
import { readOwnMemory, startInIdentity } from './native-process-reader.ts'
import { FAMILY, LISTENERS_WITH_PID, type OwnedListener, parseTcpTable } from './native-tcp-table.ts'
import type { WindowsSource } from './windows-source.ts'

const NOTHING: ProcessDetails = { ...NO_DETAILS, hasNoOpenFiles: true }

const ERROR_INSUFFICIENT_BUFFER = 122
const FIRST_TABLE_BYTES = 16 * 1024

/** Creates the source for Windows. */
export function createNativeWindowsSource(calls: WindowsCalls): WindowsSource {
  const processes = createNativeProcessList(calls)
  return {
    ownUid: processes.ownUser,
    pidNamespace: null,
    list: processes.list,
    quickScan: processes.quickScan,
    details(process, variables) {
      const refusal = processes.refusal(process)
      if (refusal !== null) return Promise.resolve({ ...NOTHING, refusal })
      return Promise.resolve(readDetails(calls, process, variables))
    },
    memory(process) {
      const bytes = processes.rssBytes(process)
      return Promise.resolve(bytes === null ? null : { bytes, kind: 'rss' })
    },
    connection(process, tree) {
      // No process adopts orphans here: a parent that has exited is reported.
      const why = processes.whyParentless(launchersAbove(process, tree).at(-1) ?? process)
      return Promise.resolve({ clientEnd: 'unknown', evidence: why === null ? [] : [why] })
    },
    listeners: (facts) => Promise.resolve(listenersOf(facts, readListeners(calls))),
    notice: processes.notice,
    close: () => Promise.resolve(),
  }
}

function readDetails(
  calls: WindowsCalls,
  process: ProcessFact,
  variables: readonly string[],
): ProcessDetails {
  const created = startInIdentity(process)
  const memory = created === null ? null : readOwnMemory(calls, { pid: process.pid, created })
  if (memory === null)
    return { ...NOTHING, refusal: `Windows does not allow reading process ${process.pid}.` }
  return {
    ...NOTHING,
    cwd: folderOf(memory.currentDirectory ?? ''),
    environment: memory.environment === null ? null : parseEnvironmentBlock(memory.environment, variables),
  }
}

interface Tables {
  four: readonly OwnedListener[] | null
  six: readonly OwnedListener[] | null
}

const readListeners = (calls: WindowsCalls): Tables => ({
  four: readTable(calls, 'four'),
  six: readTable(calls, 'six'),
})

function readTable(calls: WindowsCalls, family: 'four' | 'six'): readonly OwnedListener[] | null {
  const size: [number] = [FIRST_TABLE_BYTES]
  for (let tries = 0; tries < 5; tries++) {
    const bytes = Buffer.alloc(size[0])
    const error = calls.GetExtendedTcpTable(bytes, size, 0, FAMILY[family], LISTENERS_WITH_PID, 0)
    if (error === 0) return parseTcpTable(bytes, family)
    if (error !== ERROR_INSUFFICIENT_BUFFER) return null
  }
  return null
}

/** "Listens on nothing" needs both tables, and an owner of each socket (Wine reports none). */
export function listenersOf(facts: readonly ProcessFact[], { four, six }: Tables): ListenersOf {
  const all = [...(four ?? []), ...(six ?? [])].sort((a, b) => a.port - b.port)
  const isWhole = four !== null && six !== null && all.every(({ pid }) => pid !== 0)
  return new Map(
    facts.map(({ pid }) => {
      const owned = all.filter((one) => one.pid === pid).map(withoutPid)
      return [pid, owned.length > 0 || isWhole ? owned : null]
    }),
  )
}

const withoutPid = ({ pid: _, ...listener }: OwnedListener): Listener => listener
