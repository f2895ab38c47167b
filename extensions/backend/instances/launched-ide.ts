// Whether a program below a Serena is the IDE that its JetBrains backend launched: Serena's task waits until that launch command exits,
// for some IDEs when the user closes the IDE (serena/jetbrains/launch_coordinator.py). Pure.
import type { ProcessFact } from '../os/process-facts.ts'

const IDE =
  /^(idea|pycharm|webstorm|phpstorm|goland|rider|clion|rubymine|rustrover|datagrip|dataspell|aqua|studio|mps|fleet)(64)?(\.(sh|exe))?$/i

/** Returns true for an IDE, by its name, or because it was started with the project's folder as its last argument, as Serena does. */
export function isLaunchedIde({ argv }: Pick<ProcessFact, 'argv'>, projectRoot: string | null): boolean {
  const words = (argv ?? []).flatMap((word) => word.split(/[\s'"]+/)).filter((word) => word !== '')
  if (words.some((word) => IDE.test(word.split(/[\\/]/).at(-1) ?? ''))) return true
  return projectRoot !== null && argv !== null && argv.length > 1 && words.at(-1) === projectRoot
}
