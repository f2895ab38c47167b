// The last error of a Serena's log, and whether it ended Serena. Pure; wording of 1.0.0 to 2.1.0.
import { visibleLine } from '#contract/visible-text'
import { maskText } from '../lib/mask-text.ts'

const MAX_TEXT = 300

export interface LogError {
  /** `TypeError: sequence item 0: expected str instance, int found`; secrets are masked. */
  text: string
  /** The error ended Serena. A language server that does not start, for example, does not. */
  isFatal: boolean
}

interface LogRecord {
  level: string
  thread: string
  message: string
  /** The lines below it: a traceback. */
  below: string[]
}

const HEAD =
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) +\d{4}-\d\d-\d\d [\d:,.]+ +(?:\[([^\]]*)\] +)?(?:\S+ +- )?(.*)$/
const ERRORS: readonly string[] = ['ERROR', 'CRITICAL']
const FATAL = /^Fatal exception\b/
/** Lines that are logged during the exit. */
const LEAVING = /shutting down/i

/** Returns the last error in the end of a log; null: there is none. */
export function lastErrorOf(text: string): LogError | null {
  const records = recordsOf(text)
  const isMain = ({ thread }: LogRecord): boolean => thread === '' || thread === 'MainThread'
  const fatal = records.findLast((one) => FATAL.test(one.message))
  if (fatal) return { text: textOf(fatal), isFatal: true }
  const main = records.filter((one) => isMain(one) && !LEAVING.test(one.message))
  const last = main.at(-1)
  if (last && ERRORS.includes(last.level)) return { text: textOf(last), isFatal: true }
  const error = records.findLast(({ level }) => ERRORS.includes(level))
  return error ? { text: textOf(error), isFatal: false } : null
}

function recordsOf(text: string): readonly LogRecord[] {
  const records: LogRecord[] = []
  for (const line of text.split('\n')) {
    const head = HEAD.exec(line)
    if (head) records.push({ level: head[1] ?? '', thread: head[2] ?? '', message: head[3] ?? '', below: [] })
    else records.at(-1)?.below.push(line)
  }
  return records
}

/** A traceback ends with the error itself, in a line that is not indented. */
function textOf({ message, below }: LogRecord): string {
  const error = below.findLast((line) => /^[A-Za-z_][\w.]*(:|$)/.test(line))
  const text = visibleLine(maskText((error ?? message).trim()))
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}
