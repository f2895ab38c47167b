// The command of a Serena that opens no dashboard of its own. Pure.

import type { Command } from './wrap-words.ts'

const FLAG = '--open-web-dashboard'

/**
 * The command with `--open-web-dashboard false` at its end. `isForced`: also where the command says otherwise itself. Null: nothing
 * is to be added, because it says so itself, or is not added, because no word of it is a Serena's own (`sh -c '…'`).
 */
export function withoutPopUp(command: Command, isForced: boolean): Command | null {
  const isSerena = command.some((word) => word === 'start-mcp-server' || isServer(word))
  const says = command.some((word) => word === FLAG || word.startsWith(`${FLAG}=`))
  if (!isSerena || (says && !isForced)) return null
  const [program, ...args] = command
  const others = args.filter(
    (word, i) =>
      word !== FLAG && !word.startsWith(`${FLAG}=`) && !(args[i - 1] === FLAG && !word.startsWith('-')),
  )
  return [program, ...others, FLAG, 'false']
}

/** 0.1.x and 1.0.0 have a program that needs no subcommand. */
const isServer = (word: string): boolean => /(^|[\\/])serena-mcp-server(\.exe)?$/i.test(word)
