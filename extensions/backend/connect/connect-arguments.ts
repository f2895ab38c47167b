// The words after `connect`: the flags of `wrap`, and how this client shares its Serena. Pure.
import type { HubFlags } from '../hub/protocol.ts'
import { CONNECT, PRIVATE_FLAG, SHARE_AS_FLAG } from '../serena/wrap-flags.ts'
import {
  type Command,
  notThat,
  noWrapFlags,
  parseCommand,
  setWrapFlag,
  switchOf,
  wrong,
} from '../wrap/wrap-arguments.ts'

/** A name is printed in tables and lists. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u

export interface ConnectArguments {
  flags: HubFlags
  /** Serena's command, without the flags of `connect`. */
  command: Command
}

/** Parses flags and command; of a repeated flag the last one counts. AppError `wrong-use`. */
export function parseConnectArguments(words: readonly string[]): ConnectArguments {
  const flags: HubFlags = { ...noWrapFlags(), isPrivate: false, shareAs: null }
  const command = parseCommand(words, {
    name: 'connect',
    flags: CONNECT,
    set(name, value) {
      if (name === PRIVATE_FLAG) flags.isPrivate = switchOf(name, value)
      else if (name === SHARE_AS_FLAG) flags.shareAs = nameOf(value)
      else setWrapFlag(flags, name, value)
    },
  })
  return { flags, command }
}

function nameOf(word: string | undefined): string {
  if (word !== undefined && NAME.test(word)) return word
  throw wrong(
    `${SHARE_AS_FLAG} must be a name of at most 64 letters, digits, dots, hyphens and underscores${notThat(word)}`,
  )
}
