// `complete SHELL`: the script with which a shell asks for completions.
import { RootCommand } from '@bomb.sh/tab'
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'

export const SHELLS: readonly string[] = ['bash', 'zsh', 'fish', 'powershell']
const PROGRAM = 'serena-deck'

/** Prints the script. AppError `wrong-use` for a shell without one. */
export function printScript(shell: string): void {
  if (!SHELLS.includes(shell))
    throw new AppError('wrong-use', {
      issue: `No completion script for ${visibleLine(shell)}: use ${SHELLS.join(', ')}.`,
    })
  new RootCommand().setup(PROGRAM, PROGRAM, shell)
}
