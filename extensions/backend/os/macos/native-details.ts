// What is read only of a Serena on a Mac, by native calls: folder, environment, debugger, open logs, program, memory.
import { NO_DETAILS } from '../no-details.ts'
import type { MemoryReading, ProcessDetails, ProcessFact, ProgramFacts } from '../process-facts.ts'
import { pickVariables } from './native-arguments.ts'
import { identityOf } from './native-facts.ts'
import type { DescriptorType, NativeFiles } from './native-files.ts'
import type { NativeReader } from './native-reader.ts'
import { isSerenaLog } from './parse-lsof.ts'

const FILES: ReadonlySet<DescriptorType> = new Set(['file'])

/** Reads the details; all null if another process has the pid by now. */
export function readNativeDetails(
  reader: NativeReader,
  files: NativeFiles,
  { pid, identity }: ProcessFact,
  variables: readonly string[],
): ProcessDetails {
  const folders = reader.folders(pid)
  const environment = reader.arguments(pid)?.environment ?? null
  const open = files.descriptors(pid, FILES)
  const process = reader.process(pid)
  if (typeof process === 'string' || identityOf(process) !== identity) return NO_DETAILS
  if (folders === null && environment === null)
    return {
      ...NO_DETAILS,
      refusal: `macOS does not allow reading process ${pid}: it belongs to another user or is protected.`,
    }
  const logs = open?.flatMap((one) => (one.kind === 'file' && isSerenaLog(one.path) ? [one.path] : []))
  return {
    ...NO_DETAILS,
    cwd: folders?.cwd ?? null,
    environment: environment && pickVariables(environment, variables),
    tracerPid: process.isTraced ? process.ppid : 0,
    openLogFiles: logs ? [...new Set(logs)] : null,
  }
}

/** Returns where its program is; null: another process has its pid by now. */
export function readNativeProgram(reader: NativeReader, { pid, identity }: ProcessFact): ProgramFacts | null {
  const executable = reader.program(pid)
  const folders = reader.folders(pid)
  const process = reader.process(pid)
  if (typeof process === 'string' || identityOf(process) !== identity) return null
  return { executable, isForeignMounts: folders && folders.root !== null }
}

/** Returns the resident bytes; null: it has exited or cannot be read. */
export function readNativeMemory(reader: NativeReader, { pid, identity }: ProcessFact): MemoryReading | null {
  const usage = reader.usage(pid)
  const process = reader.process(pid)
  if (usage === null || typeof process === 'string' || identityOf(process) !== identity) return null
  return { bytes: usage.rssBytes, kind: 'rss' }
}
