// The MCP clients that scripts/clients.mjs installs, run as their users do.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { projectRoot } from './temp-home.ts'

const folder = join(projectRoot, '.cache', 'clients')

/** Returns the folder of the programs of a client. */
export const clientPrograms = (id: string): string => join(folder, id, 'node_modules', '.bin')

/** Returns why a client cannot be used; null: it is installed. */
export function whyNoClient(id: string): string | null {
  const own = join(folder, id)
  const isComplete = existsSync(own) && readdirSync(own).some((name) => name.endsWith('.complete'))
  if (isComplete) return null
  const reason = join(own, 'why-missing.txt')
  return existsSync(reason) ? readFileSync(reason, 'utf8') : 'not installed: run npm run test:clients'
}

/** Runs a program of PATH without a terminal, until it exits. Resolves to its output without colors. */
export function runProgram(
  words: readonly string[],
  { env, cwd, timeoutMs = 90_000 }: { env: NodeJS.ProcessEnv; cwd: string; timeoutMs?: number },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = words
    const child = spawn(program, args, {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: stripVTControlCharacters(output) }))
  })
}
