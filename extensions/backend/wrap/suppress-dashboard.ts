// Makes the command of a Serena that does not open its own dashboard. Pure.

import type { Command } from './wrap-arguments.ts'

const FLAG = '--open-web-dashboard'
/** Serena's exit code for an unknown flag; 0.1.x does not know this one. */
export const UNKNOWN_FLAG_CODE = 2

/**
 * Returns the command with `--open-web-dashboard false` at its end. `isForced`: also where the command has the flag already. Null:
 * unchanged, because it has the flag, or because none of its arguments is Serena's (`sh -c '…'`).
 */
export function suppressDashboard(command: Command, isForced: boolean): Command | null {
  const isSerena = command.some((word) => word === 'start-mcp-server' || isServer(word))
  const hasFlag = command.some((word) => word === FLAG || word.startsWith(`${FLAG}=`))
  if (!isSerena || (hasFlag && !isForced)) return null
  const [program, ...args] = command
  const others = args.filter(
    (word, i) =>
      word !== FLAG && !word.startsWith(`${FLAG}=`) && !(args[i - 1] === FLAG && !word.startsWith('-')),
  )
  return [program, ...others, FLAG, 'false']
}

/** 0.1.x and 1.0.0 have a program that needs no subcommand. */
const isServer = (word: string): boolean => /(^|[\\/])serena-mcp-server(\.exe)?$/i.test(word)
