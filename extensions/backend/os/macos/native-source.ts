// The facts of a Mac by native calls: libproc and sysctl. Never run on a Mac: native-check.ts compares them with what is known before they are
// used, and the first list is compared with that of `ps`.
import type { ListenersOf, ProcessFact, ProcessSource } from '../process-facts.ts'
import { compareWithPs } from './cross-check.ts'
import type { MacosCalls } from './native-calls.ts'
import { readNativeDetails, readNativeMemory, readNativeProgram } from './native-details.ts'
import { createNativeFiles, type DescriptorType, type NativeFiles } from './native-files.ts'
import { createNativeMacosList } from './native-process-list.ts'
import { createNativeReader } from './native-reader.ts'
import { createNativeStdio } from './native-stdio.ts'
import { createMacosProcessList, type Ps } from './process-list.ts'

const SOCKETS: ReadonlySet<DescriptorType> = new Set(['socket'])

/** Creates the source for macOS; `ps` reads the arguments of other users' processes, and is the cross-check. */
export function createNativeMacosSource(calls: MacosCalls, ps: Ps): ProcessSource {
  const reader = createNativeReader(calls)
  const files = createNativeFiles(calls)
  const byPs = createMacosProcessList(ps)
  const processes = createNativeMacosList({
    reader,
    ownPid: process.pid,
    now: Date.now,
    async readForeign(pids) {
      const rows = await Promise.all(pids.map((pid) => byPs.read(pid)))
      return new Map(rows.flatMap((row) => (row?.fact.argv ? [[row.fact.pid, row.fact.argv] as const] : [])))
    },
  })
  const stdio = createNativeStdio({
    reader,
    files,
    identityOf: processes.identityOf,
    now: () => performance.now(),
  })
  let disagreement: string | null = null
  let isChecked = false

  async function crossCheck(before: ReadonlyMap<number, ProcessFact>): Promise<void> {
    const { isComplete, byPid } = await byPs.list()
    if (isComplete) disagreement = compareWithPs(before, byPid, (await processes.list()).byPid)
  }

  return {
    ownUid: process.getuid?.() ?? null,
    pidNamespace: null,
    async list() {
      const table = await processes.list()
      if (!isChecked && table.isComplete) {
        isChecked = true
        // In the background: the first list does not wait for `ps`.
        crossCheck(table.byPid).catch(() => undefined)
      }
      return table
    },
    quickScan: processes.quickScan,
    details: (fact, variables) => Promise.resolve(readNativeDetails(reader, files, fact, variables)),
    program: (fact) => Promise.resolve(readNativeProgram(reader, fact)),
    memory: (fact) => Promise.resolve(readNativeMemory(reader, fact)),
    listeners: (facts) => Promise.resolve(listenersOf(files, facts)),
    connection: stdio.read,
    hasLostReader: stdio.hasLostReader,
    notice: () => disagreement,
  }
}

/** Null: the descriptors, or one of the sockets, cannot be read, so "listens on nothing" cannot be said. */
function listenersOf(files: NativeFiles, facts: readonly ProcessFact[]): ListenersOf {
  return new Map(
    facts.map(({ pid }) => {
      const held = files.descriptors(pid, SOCKETS)
      const found = (held ?? []).flatMap((one) => (one.kind === 'listener' ? [one.listener] : []))
      const isWhole = held !== null && held.every(({ kind }) => kind !== 'unread')
      const sorted = found.sort((a, b) => a.port - b.port)
      return [pid, found.length > 0 || isWhole ? sorted : null]
    }),
  )
}
