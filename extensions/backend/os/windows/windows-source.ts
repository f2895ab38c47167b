// The facts of a Windows machine: processes by CIM through one PowerShell, sockets by netstat. No native code, so no folder, no
// environment and no open files of another process: those are null here, always (docs/dev/platform-facts.md).

import { launchersAbove } from '../launchers-above.ts'
import { NO_DETAILS } from '../no-details.ts'
import type { ProcessDetails, ProcessSource } from '../process-facts.ts'
import { createPortList, netstatBy, type RunNetstat } from './port-list.ts'
import { createPowerShell, type PowerShell } from './powershell.ts'
import { createWindowsProcessList } from './process-list.ts'
import { systemProgram } from './system-program.ts'

/** Windows reports none of these, and has no pid namespaces. */
const DETAILS: ProcessDetails = { ...NO_DETAILS, isUnavailable: true }

export interface WindowsSource extends ProcessSource {
  notice(): string | null
  /** Ends the PowerShell at once; without it, it ends with us. */
  close(): Promise<void>
}

/** The tools it runs; tests replace them. */
export interface WindowsTools {
  powerShell: PowerShell
  netstat: RunNetstat
}

const toolsOf = (env: NodeJS.ProcessEnv): WindowsTools => ({
  powerShell: createPowerShell(env),
  netstat: netstatBy(systemProgram(env, 'System32', 'netstat.exe')),
})

/** Creates the source for Windows. */
export function createWindowsSource(
  { powerShell, netstat }: WindowsTools = toolsOf(process.env),
): WindowsSource {
  const processes = createWindowsProcessList({
    powerShell,
    ownPid: process.pid,
    clock: { wall: () => Date.now(), monotonic: () => performance.now() },
  })
  return {
    ownUid: null,
    pidNamespace: null,
    list: processes.list,
    quickScan: processes.quickScan,
    details: () => Promise.resolve(DETAILS),
    memory(process) {
      const bytes = processes.rssBytes(process)
      return Promise.resolve(bytes === null ? null : { bytes, kind: 'rss' })
    },
    connection: (process, tree) => {
      // The process at the other end of a pipe is known to native code only; a parent that has exited is reported, since no process
      // adopts orphans here.
      const why = processes.whyParentless(launchersAbove(process, tree).at(-1) ?? process)
      return Promise.resolve({ clientEnd: 'unknown', evidence: why === null ? [] : [why] })
    },
    listeners: createPortList(netstat),
    notice: processes.notice,
    close: () => powerShell.close(),
  }
}
