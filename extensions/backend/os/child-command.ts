// How a command is given to `spawn`: on Windows batch files need cmd.exe.
import { AppError } from '#contract/errors'
import { findProgram } from './executable.ts'
import { type WindowsStart, windowsStart } from './windows/batch-command.ts'

/** Returns the start of a command. AppError `wrong-use`: an argument cannot be passed to a batch file. */
export function childCommand(
  command: readonly [program: string, ...args: string[]],
  env: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform = process.platform,
): WindowsStart {
  const [file, ...args] = command
  if (platform !== 'win32') return { file, args, isVerbatim: false }
  const start = windowsStart([findProgram(file, { env, platform }) ?? file, ...args], env)
  if (start !== null) return start
  const issue = `An argument contains a line break, which cannot be passed to the batch file ${file}`
  throw new AppError('wrong-use', { issue: `${issue}. Remove the line break.` })
}
