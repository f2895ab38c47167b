// Every expected failure: why, what to do, HTTP status, exit code. Imports only types: `wrap` loads it and must stay small.
import type { ErrorBody } from './error-body.ts'

interface ErrorEntry {
  status: number
  exitCode: 1 | 2 | 3 // failed, wrong use, not found or nothing to do
  why: (data: ErrorData) => string
  fix: (data: ErrorData) => string
}
export type ErrorData = Readonly<Record<string, string | number>>

const entry = (
  status: number,
  exitCode: 1 | 2 | 3,
  why: ErrorEntry['why'],
  fix: ErrorEntry['fix'],
): ErrorEntry => ({
  status,
  exitCode,
  why,
  fix,
})

export const ERRORS = {
  'bad-request': entry(
    400,
    2,
    () => 'The request is malformed.',
    () => 'Send a path that starts with /, exactly one Host header and at most one Authorization header.',
  ),
  'bad-input': entry(
    400,
    2,
    (d) => `Invalid input: ${d['issue'] ?? 'unknown'}.`,
    () => 'Correct the input and try again.',
  ),
  'host-refused': entry(
    403,
    1,
    () => 'Serena Deck does not answer requests for this host.',
    () => 'Use http://127.0.0.1 with the port that `serena-deck open` prints.',
  ),
  'origin-refused': entry(
    403,
    1,
    () => 'Requests from other web pages are refused.',
    () => 'Open Serena Deck with `serena-deck open`.',
  ),
  unauthorized: entry(
    401,
    1,
    () => 'The request has no valid token.',
    () => 'Open Serena Deck with `serena-deck open`.',
  ),
  'too-many-attempts': entry(
    429,
    1,
    () => 'Too many wrong tokens.',
    () => 'Wait a minute, then open Serena Deck with `serena-deck open`.',
  ),
  'method-not-allowed': entry(
    405,
    2,
    () => 'This path does not support that method.',
    () => 'See docs/dev/http.md for the routes.',
  ),
  'not-found': entry(
    404,
    3,
    () => 'Unknown path.',
    () => 'See docs/dev/http.md for the routes.',
  ),
  'too-large': entry(
    413,
    2,
    () => 'The request body is too large.',
    () => 'Send at most 1 MiB.',
  ),
  'unsupported-media-type': entry(
    415,
    2,
    () => 'The request body is not JSON.',
    () => 'Send Content-Type: application/json.',
  ),
  'no-upgrade': entry(
    426,
    2,
    () => 'WebSocket is not supported.',
    () => 'Use GET /api/events.',
  ),
  'instance-not-found': entry(
    404,
    3,
    (d) => `No such instance: ${d['target'] ?? 'unknown'}.`,
    () => 'Run `serena-deck list` to see all instances.',
  ),
  'target-ambiguous': entry(
    400,
    2,
    (d) => `${d['target'] ?? 'The target'} matches several instances: ${d['matches'] ?? ''}.`,
    () => 'Name one of them with pid:N or port:N.',
  ),
  'instance-replaced': entry(
    409,
    1,
    () => 'The instance has exited, or its port now belongs to another process.',
    () => 'Refresh the list and try again.',
  ),
  'not-to-be-ended': entry(
    403,
    1,
    (d) => `This instance cannot be ended. ${d['why'] ?? 'It belongs to another user.'}`,
    () => 'Run `serena-deck status` for its verdict.',
  ),
  'no-dashboard': entry(
    409,
    1,
    () => 'The instance has no verified dashboard.',
    () => 'Enable `web_dashboard` in its serena_config.yml and restart it.',
  ),
  'dashboard-timeout': entry(
    504,
    1,
    () => 'The dashboard did not answer in time.',
    () => 'Wait until its running tool finishes, or check its verdict.',
  ),
  'dashboard-unreachable': entry(
    502,
    1,
    () => 'The dashboard refused or closed the connection.',
    () => "Check the instance's verdict.",
  ),
  'dashboard-too-large': entry(
    502,
    1,
    () => 'The response of the dashboard is larger than 8 MiB.',
    () => "Open the instance's own dashboard in a browser.",
  ),
  'dashboard-nonsense': entry(
    502,
    1,
    (d) => `Invalid response from the dashboard: ${d['issue'] ?? 'unknown'}.`,
    () => "Check the instance's log. This Serena may be newer than Serena Deck supports.",
  ),
  'dashboard-refused': entry(
    502,
    1,
    (d) => `Serena returned an error: ${String(d['message'] ?? 'unknown').replace(/[.\s]+$/, '')}.`,
    () => 'Correct the cause and try again.',
  ),
  'not-in-this-serena': entry(
    409,
    1,
    (d) =>
      `This version of Serena does not support this${d['since'] === undefined ? '' : ` (added in ${d['since']})`}.`,
    () => 'Update Serena.',
  ),
  'outcome-unknown': entry(
    504,
    1,
    (d) =>
      `The instance did not confirm the request: ${d['what'] ?? 'the change'}.${d['look'] === undefined ? '' : ` Checked right after: ${d['look']}.`}`,
    () => 'It may still take effect when the running tool finishes. Check again before you repeat it.',
  ),
  'changed-meanwhile': entry(
    412,
    1,
    (d) => `${d['what'] ?? 'The document'} has changed since you opened it.`,
    () => 'Reload it and apply your change again.',
  ),
  'diff-not-seen': entry(
    428,
    1,
    () => 'The change was not previewed.',
    () => 'Review the diff, then save.',
  ),
  'outside-of-project': entry(
    409,
    1,
    () => 'The file is a link that leads outside its folder.',
    () => 'Replace the link with a regular file. Links are not followed.',
  ),
  'place-not-known': entry(
    404,
    3,
    () => 'The folder is unknown or no longer exists.',
    () => 'Check the project and the log file of the instance.',
  ),
  'port-taken': entry(
    500,
    1,
    (d) => `Port ${d['port'] ?? '?'} is in use by ${d['owner'] ?? 'another program'}.`,
    () => 'Stop that program, or choose another port with --port (0: any free port).',
  ),
  'port-forbidden': entry(
    500,
    1,
    (d) => `Permission denied: cannot listen on port ${d['port'] ?? '?'}.`,
    () => 'Choose a port above 1023 with --port.',
  ),
  'state-folder-unsafe': entry(
    500,
    1,
    (d) => `The state folder ${d['path'] ?? ''} is not private: ${d['issue'] ?? ''}.`,
    () => 'Restrict it to your user (chown, chmod 700), or set SERENA_DECK_STATE to another folder.',
  ),
  'state-folder-unusable': entry(
    500,
    1,
    (d) => `Cannot use the state folder ${d['path'] ?? ''}: ${d['issue'] ?? 'unknown'}.`,
    () =>
      'Check its owner and permissions, or set SERENA_DECK_STATE to a folder that this user can write to.',
  ),
  'not-written': entry(
    500,
    1,
    (d) => `Cannot write ${d['file'] ?? 'a file'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'The file was not changed. Fix the problem and try again.',
  ),
  'folder-unsafe': entry(
    500,
    1,
    (d) => `Cannot write into ${d['path'] ?? 'that folder'}: ${d['issue'] ?? 'it is not private'}.`,
    () => 'Restrict it to your user (chown, chmod go-w) and try again.',
  ),
  'key-not-changed': entry(
    409,
    1,
    (d) => `Cannot change ${d['key'] ?? 'that key'} on its own in this file.`,
    () => "Edit the whole file: Actions > Edit Serena's configuration.",
  ),
  'file-locked': entry(
    503,
    1,
    (d) => `${d['file'] ?? 'The file'} is locked by ${d['holder'] ?? 'another program'}.`,
    (d) => `Try again. If that program has exited, remove ${d['lock'] ?? 'its lock'}.`,
  ),
  'process-not-found': entry(
    404,
    3,
    (d) => `No such process: ${d['pid'] ?? 'unknown'}.`,
    () => 'Register an instance while it is running.',
  ),
  'entry-not-found': entry(
    404,
    3,
    (d) => `No registry entry of Serena Deck matches ${d['target'] ?? 'that'}.`,
    () => 'Run `serena-deck registry list` to see all entries.',
  ),
  'backend-not-running': entry(
    500,
    3,
    () => 'Serena Deck is not running.',
    () => 'Start it with `serena-deck open`.',
  ),
  'hub-not-running': entry(
    404,
    3,
    () => 'The hub is not running.',
    () => 'It starts with the first client whose configuration uses `serena-deck connect`.',
  ),
  'backend-not-started': entry(
    500,
    1,
    (d) => `Serena Deck did not start: ${d['words'] || 'it exited without output.'}`,
    (d) => `See ${d['logFile'] ?? 'its log'}, or run \`serena-deck serve\` to see its output.`,
  ),
  'window-not-started': entry(
    500,
    1,
    (d) => `The window did not start: ${d['words'] || 'it exited without output.'}`,
    (d) => `See ${d['logFile'] ?? 'its log'}, or run \`serena-deck open --browser\` to use the browser.`,
  ),
  'backend-unreachable': entry(
    500,
    1,
    () => "The program on Serena Deck's port could not prove that it is Serena Deck.",
    () => 'Stop the program that listens on that port, then start Serena Deck again.',
  ),
  'runtime-unpinned': entry(
    500,
    1,
    (d) => `No window runtime is available for ${d['platform'] ?? 'this platform'}.`,
    () => 'Build Neutralino 6.9.0 and set SERENA_DECK_RUNTIME to its path.',
  ),
  'runtime-unusable': entry(
    500,
    1,
    (d) => `SERENA_DECK_RUNTIME is set to ${d['path'] ?? 'a file'}, which this user cannot execute.`,
    () => 'Correct the variable or unset it.',
  ),
  'runtime-download-failed': entry(
    500,
    1,
    (d) => `The window runtime could not be downloaded: ${d['issue'] ?? 'unknown'}.`,
    () => 'Start Serena Deck again to resume the download.',
  ),
  'runtime-wrong-checksum': entry(
    500,
    1,
    () => 'The downloaded window runtime has a wrong checksum and was discarded.',
    () => 'Check for a proxy that changes downloads, then start Serena Deck again.',
  ),
  'runtime-not-kept': entry(
    500,
    1,
    (d) => `Cannot store the window runtime in ${d['path'] ?? 'the cache'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Free disk space, set XDG_CACHE_HOME, or set SERENA_DECK_RUNTIME to a runtime executable.',
  ),
  'desktop-not-changed': entry(
    500,
    1,
    (d) =>
      `Cannot change ${d['path'] ?? 'the desktop'}: ${String(d['issue'] ?? 'unknown').replace(/[.\s]+$/, '')}.`,
    () => 'Check its permissions and run the command again.',
  ),
  'own-process-stays': entry(
    500,
    1,
    (d) => `The running Serena Deck (process ${d['pid'] ?? '?'}) did not exit.`,
    () => 'Stop that process and run the command again.',
  ),
  'file-unusable': entry(
    500,
    1,
    (d) => `Cannot use ${d['file'] ?? 'a file'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Check the owner and permissions of the file and its folder, and try again.',
  ),
  'program-not-started': entry(
    500,
    1,
    (d) => `Cannot start ${d['program'] ?? 'the program'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Use its absolute path: the PATH of a client can differ from that of your terminal.',
  ),
  'hub-unsafe': entry(
    500,
    1,
    (d) => `Cannot use the hub's socket ${d['path'] ?? ''}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Remove it, or set SERENA_DECK_STATE to another folder.',
  ),
  'hub-not-started': entry(
    500,
    1,
    (d) => `The hub did not start: ${d['words'] || 'it exited without output.'}`,
    (d) => `See ${d['logFile'] ?? 'its log'}.`,
  ),
  'hub-silent': entry(
    504,
    1,
    () => 'The hub is running but does not answer.',
    () => 'Try again, or run `serena-deck hub stop`.',
  ),
  'hub-too-old': entry(
    503,
    1,
    (d) => `The running hub is older (Serena Deck ${d['release'] ?? 'unknown'}) and did not exit in time.`,
    () => 'Try again when no tool call is running, or run `serena-deck hub stop`.',
  ),
  'hub-refused': entry(
    502,
    1,
    (d) => String(d['why'] ?? 'The hub refused the connection.'),
    (d) => String(d['fix'] ?? 'Run `serena-deck hub status`.'),
  ),
  'wrong-use': entry(
    400,
    2,
    (d) => String(d['issue'] ?? 'Invalid arguments.'),
    (d) => (d['command'] === undefined ? 'See --help.' : `See \`${d['command']} --help\`.`),
  ),
  internal: entry(
    500,
    1,
    () => 'Internal error in Serena Deck.',
    () => 'Check the log of the backend and report the problem.',
  ),
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

/** Returns the body of an HTTP error: no reflected input beyond the table's own sentence, no stack. */
export function errorBody(code: ErrorCode, data: ErrorData = {}): ErrorBody {
  const { why, fix } = ERRORS[code]
  return { error: { code, why: why(data), fix: fix(data) } }
}

/** An expected failure. Any other error is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly data: ErrorData
  /** What to do, in one sentence. An error that a backend sent keeps the sentence of the backend. */
  fix: string

  constructor(code: ErrorCode, data: ErrorData = {}, options?: { cause?: unknown }) {
    super(ERRORS[code].why(data), options)
    this.name = 'AppError'
    this.code = code
    this.data = data
    this.fix = ERRORS[code].fix(data)
  }
}
