// Runs the built command line until it exits.
import { spawn } from 'node:child_process'
import { cliProgram } from './backend.ts'

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs `serena-deck …` without a terminal; kills it after `timeoutMs`. */
export function runCli(
  args: readonly string[],
  { env, cwd, timeoutMs = 60_000 }: { env: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number },
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliProgram, ...args], {
      env: { ...process.env, ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
