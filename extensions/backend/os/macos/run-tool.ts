// Runs `ps` or `lsof` once: no shell, a fixed environment, bounded in time and output.
import { execFile } from 'node:child_process'

const TIMEOUT_MS = 10_000
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Nothing of ours reaches the tools: COLUMNS, COMMAND_MODE and the user's locale change what they print.
 * Dates in English and in UTC, so that neither a journey nor the end of summer time makes another process of one.
 * With LC_CTYPE=C a Mac prints bytes beyond ASCII as `M-` and a letter, which cannot be read back.
 */
const ENVIRONMENT = {
  PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
  LC_TIME: 'C',
  LC_CTYPE: 'en_US.UTF-8',
  TZ: 'UTC0',
}

export interface ToolAnswer {
  stdout: string
  stderr: string
  exitCode: number
  /** The tool's own pid: it lists itself. */
  pid: number | null
}

/** Returns what the tool printed, whatever its exit code; null: not there, not allowed, too slow, too much. */
export function runTool(file: string, args: readonly string[]): Promise<ToolAnswer | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_BYTES,
      killSignal: 'SIGKILL',
      env: ENVIRONMENT,
    } as const
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code
      if (typeof exitCode !== 'number') resolve(null)
      else resolve({ stdout, stderr, exitCode, pid: child.pid ?? null })
    })
  })
}
