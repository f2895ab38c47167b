// One long-lived Windows PowerShell that runs lines of script for us, one after another. Its start costs 0.2 to 2 s, a
// question to a loaded one a few hundred milliseconds.
import { randomBytes } from 'node:crypto'
import { createQueryProgram } from './query-program.ts'
import { systemProgram } from './system-program.ts'

export interface PowerShell {
  /**
   * The one string that an expression gives; the expression is one line of ASCII. Rejects with a sentence when PowerShell
   * reports an error, does not answer in time or cannot be run.
   */
  evaluate(expression: string): Promise<string>
  close(): Promise<void>
}

/** Creates the PowerShell of this machine, started with the first question; `command`: another program that reads the same lines. */
export function createPowerShell(
  env: NodeJS.ProcessEnv = process.env,
  command: { file: string; args: readonly string[] } = windowsPowerShell(env),
): PowerShell {
  const program = createQueryProgram({ ...command, env: powerShellEnvironment(env) })
  return {
    evaluate: (expression) => evaluateIn(program, expression),
    close: () => program.close(),
  }
}

const windowsPowerShell = (env: NodeJS.ProcessEnv): { file: string; args: readonly string[] } => ({
  file: systemProgram(env, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
  args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '-'],
})

/** Evaluates in a program that takes lines of PowerShell: these are all lines that are sent over the pipe. */
export async function evaluateIn(
  program: { ask(line: string, marker: string): Promise<string> },
  expression: string,
): Promise<string> {
  const marker = randomBytes(16).toString('hex')
  const answer = await program.ask(scriptLine(expression, marker), marker)
  if (answer.startsWith('+')) return answer.slice(1)
  throw new Error(`PowerShell reported: ${answer.slice(1, 300)}`)
}

/**
 * The line that evaluates an expression and prints marker, `+` or `-` and the result in one line. The marker is in two
 * halves: an echo of the script is no answer. UTF-8 is written as bytes, independent of the console's code page; where policy
 * forbids that (constrained language), as text, of which ASCII arrives. Each line would be kept as history, 4096 of them.
 * The empty line ends a command that PowerShell takes for the first line of a block. No carriage return: it peeks after one.
 */
function scriptLine(expression: string, marker: string): string {
  const halves = `'${marker.slice(0, 16)}'+'${marker.slice(16)}'`
  return (
    `$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue';$MaximumHistoryCount=1;` +
    `try{$r='+'+(${expression})}catch{$r='-'+$_.Exception.Message};` +
    `$r=(${halves}+$r) -replace '[\\r\\n]+',' ';` +
    `try{$b=[Text.Encoding]::UTF8.GetBytes($r+[char]10);$o=[Console]::OpenStandardOutput();` +
    `$o.Write($b,0,$b.Length);$o.Flush()}catch{Write-Output $r}\n`
  )
}

/**
 * Without PSModulePath, which Windows PowerShell then builds itself: started below PowerShell 7 it would inherit that one's
 * modules and could load none of them.
 */
function powerShellEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.toLowerCase() !== 'psmodulepath'))
}
