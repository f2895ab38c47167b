// How long a Serena may take for one tool call. Serena itself answers after its `tool_timeout` at the latest: a call that takes longer
// was lost, or Serena hangs.
import { readRegularFile } from '../os/files/read-file.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf } from '../serena/settings-file.ts'
import { secondsOf } from './seconds-of.ts'
import type { SerenaSpec } from './serena-spec.ts'
import { blocksOf } from './tool-settings.ts'

export interface CallLimits {
  /** From then on Serena is asked by pings whether it still answers. */
  callMs: number
  /** A ping without an answer for this long means that it hangs. */
  pingMs: number
  /** From then on the call is given up, whatever Serena does. */
  hardMs: number
}

/** Of all versions of Serena. */
const USUAL_TIMEOUT_S = 240
/** A busy machine, and the queue inside Serena. */
const MARGIN_S = 60
const PING_S = 30
const HARD_FACTOR = 3
const FLAG = '--tool-timeout'

/** Returns the limits for a Serena that is started now; null: none, because its settings name no time. */
export function readCallLimits({ command, serenaHome, isSerena }: SerenaSpec): CallLimits | null {
  const settings = readRegularFile(settingsFileOf(serenaHome), MAX_SETTINGS_BYTES)
  const text = settings.kind === 'text' ? settings.text : ''
  const timeoutS = isSerena ? toolTimeout(command, text) : null
  if (timeoutS === null) return null
  const callMs = secondsOf('SERENA_DECK_CALL_SECONDS', timeoutS + MARGIN_S)
  return { callMs, pingMs: secondsOf('SERENA_DECK_PING_SECONDS', PING_S), hardMs: callMs * HARD_FACTOR }
}

/** Returns the seconds of `--tool-timeout`, else of the settings, else the usual ones; null: none, or not readable. Pure. */
export function toolTimeout(command: readonly string[], settings: string): number | null {
  const at = command.findLastIndex((word) => word === FLAG || word.startsWith(`${FLAG}=`))
  const flag = command[at]?.startsWith(`${FLAG}=`) ? command[at].slice(FLAG.length + 1) : command[at + 1]
  if (at >= 0) return secondsIn(flag ?? '')
  const block = blocksOf(settings, ['tool_timeout'])
  return block === '' ? USUAL_TIMEOUT_S : secondsIn(block.slice(block.indexOf(':') + 1))
}

function secondsIn(text: string): number | null {
  const seconds = Number(text)
  return text.trim() !== '' && Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
