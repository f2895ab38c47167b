// Queries of processes by PowerShell. Each is one expression that gives one string of JSON, in ASCII.
// Only properties, never a method of a process: one such call for each process took minutes on real machines.
import type { ProcessFact } from '../process-facts.ts'
import { type ParsedProcesses, parsePids, parseProcesses } from './parse-processes.ts'
import type { PowerShell } from './powershell.ts'

const COLUMNS =
  'ProcessId,ParentProcessId,Name,CommandLine,CreationDate,WorkingSetSize,KernelModeTime,UserModeTime'

/** Ends a query that WMI does not answer, before the whole PowerShell is killed. */
const CIM = 'Get-CimInstance -ErrorAction Stop -OperationTimeoutSec 15 -Query'

/** How many pids one filter names: WMI refuses long queries. */
const PIDS_PER_QUERY = 50

/** Returns all processes, or those of `pids`, as `parse-processes.ts` reads them. */
export function processesQuery(pids?: readonly number[]): string {
  const filter = pids ? ` WHERE ${pids.map((pid) => `ProcessId=${Math.trunc(pid)}`).join(' OR ')}` : ''
  return (
    `ConvertTo-Json -Compress -InputObject @(${CIM} ` +
    `'SELECT ${COLUMNS} FROM Win32_Process${filter}'|ForEach-Object{@{` +
    `p=$_.ProcessId;pp=$_.ParentProcessId;n=$_.Name;c=$_.CommandLine;` +
    `s=$(if($_.CreationDate){$_.CreationDate.ToFileTimeUtc().ToString()});` +
    `w=$_.WorkingSetSize;k=$_.KernelModeTime;u=$_.UserModeTime}})`
  )
}

/** Returns the pids of all processes. */
export const pidsQuery = (): string =>
  `'['+(@(${CIM} 'SELECT ProcessId FROM Win32_Process'|ForEach-Object{$_.ProcessId}) -join ',')+']'`

export interface ProcessQueries {
  /** Null: PowerShell cannot be run or does not answer; `failure` says why. */
  all(): Promise<ParsedProcesses | null>
  /** The facts of those of `pids` that exist; null likewise. */
  factsOf(pids: readonly number[]): Promise<readonly ProcessFact[] | null>
  /** The pids of all processes; null likewise. */
  pids(): Promise<ReadonlySet<number> | null>
  /** Why the last query failed; null: it did not. */
  failure(): string | null
}

export function createProcessQueries(powerShell: Pick<PowerShell, 'evaluate'>): ProcessQueries {
  let failure: string | null = null

  async function ask<Value>(expression: string, parse: (text: string) => Value): Promise<Value | null> {
    try {
      const value = parse(await powerShell.evaluate(expression))
      failure = null
      return value
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
      return null
    }
  }

  return {
    failure: () => failure,
    pids: () => ask(pidsQuery(), parsePids),
    async all() {
      const parsed = await ask(processesQuery(), parseProcesses)
      if (parsed?.facts.length === 0) failure = 'PowerShell did not return a list of processes'
      return parsed
    },
    async factsOf(pids) {
      const facts: ProcessFact[] = []
      for (let i = 0; i < pids.length; i += PIDS_PER_QUERY) {
        const parsed = await ask(processesQuery(pids.slice(i, i + PIDS_PER_QUERY)), parseProcesses)
        if (!parsed) return null
        facts.push(...parsed.facts)
      }
      return facts
    },
  }
}
