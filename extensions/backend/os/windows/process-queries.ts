// What PowerShell is asked about processes. Each is one expression that gives one string of JSON, in ASCII.
// Only properties, never a method of a process: one such call each took minutes on real machines.

const COLUMNS =
  'ProcessId,ParentProcessId,Name,CommandLine,CreationDate,WorkingSetSize,KernelModeTime,UserModeTime'

/** Ends a question that WMI does not answer before we end the whole PowerShell. */
const CIM = 'Get-CimInstance -ErrorAction Stop -OperationTimeoutSec 15 -Query'

/** How many pids one filter names: WMI refuses long queries. */
export const PIDS_PER_QUERY = 50

/** All processes, or those of `pids`, as `parse-processes.ts` reads them. */
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

/** The pids of all processes. */
export const pidsQuery = (): string =>
  `'['+(@(${CIM} 'SELECT ProcessId FROM Win32_Process'|ForEach-Object{$_.ProcessId}) -join ',')+']'`
