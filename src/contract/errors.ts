// Every expected failure: a code, why it happened, what to do, and how it leaves us (HTTP status, exit code). Imports nothing:
// `wrap` must stay small.
interface ErrorEntry {
  status: number
  /** 1 failed, 2 wrong use, 3 not found or nothing to do. */
  exitCode: 1 | 2 | 3
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
    () => 'The request is not well formed.',
    () => 'Send a plain path and exactly one Host header.',
  ),
  'bad-input': entry(
    400,
    2,
    (d) => `The input does not fit: ${d['issue'] ?? 'unknown'}.`,
    () => 'Correct it and try again.',
  ),
  'host-refused': entry(
    403,
    1,
    () => 'This address is not one that Serena Deck answers to.',
    () => 'Use http://127.0.0.1 and the port of `serena-deck open`.',
  ),
  'origin-refused': entry(
    403,
    1,
    () => 'Another web page may not use Serena Deck.',
    () => 'Open Serena Deck with `serena-deck open`.',
  ),
  unauthorized: entry(
    401,
    1,
    () => 'This page has no valid token.',
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
    () => 'That method does not exist here.',
    () => 'See docs/http.md for the routes.',
  ),
  'not-found': entry(
    404,
    3,
    () => 'There is nothing at that path.',
    () => 'See docs/http.md for the routes.',
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
    () => 'Serena Deck speaks no WebSocket.',
    () => 'Use GET /api/events.',
  ),
  'instance-not-found': entry(
    404,
    3,
    (d) => `No such instance: ${d['target'] ?? 'that'}.`,
    () => 'See `serena-deck list`.',
  ),
  'target-ambiguous': entry(
    400,
    2,
    (d) => `${d['target'] ?? 'That'} matches several instances: ${d['matches'] ?? ''}.`,
    () => 'Name one by pid:N or port:N.',
  ),
  'instance-replaced': entry(
    409,
    1,
    () => 'That instance has ended, or its port now belongs to another process.',
    () => 'Look at the list again.',
  ),
  'not-to-be-ended': entry(
    403,
    1,
    (d) => `This instance cannot be ended. ${d['why'] ?? 'It is not yours.'}`,
    () => 'Look at its verdict in the list.',
  ),
  'no-dashboard': entry(
    409,
    1,
    () => 'That instance has no dashboard that is proven to be its own.',
    () => 'Start it with its dashboard switched on.',
  ),
  'dashboard-timeout': entry(
    504,
    1,
    () => 'The dashboard did not answer in time.',
    () => 'Wait until its running tool ends, or look at its verdict.',
  ),
  'dashboard-unreachable': entry(
    502,
    1,
    () => 'The dashboard closed the connection or refused it.',
    () => "Look at the instance's verdict.",
  ),
  'dashboard-too-large': entry(
    502,
    1,
    () => 'The dashboard answered with more than 8 MiB.',
    () => 'Nothing that Serena Deck asks for is so large: look at the instance itself.',
  ),
  'dashboard-nonsense': entry(
    502,
    1,
    (d) => `The dashboard's answer cannot be used: ${d['issue'] ?? 'unknown'}.`,
    () => "Look at the instance's log; this Serena may be newer than Serena Deck.",
  ),
  'dashboard-refused': entry(
    502,
    1,
    (d) => `Serena answered with an error: ${String(d['message'] ?? 'unknown').replace(/[.\s]+$/, '')}.`,
    () => 'Correct what Serena names and try again.',
  ),
  'not-in-this-serena': entry(
    409,
    1,
    (d) => `This Serena cannot do that${d['since'] === undefined ? '' : `: it exists since ${d['since']}`}.`,
    () => 'Update Serena.',
  ),
  'outcome-unknown': entry(
    504,
    1,
    (d) =>
      `The instance did not say whether it was done: ${d['what'] ?? 'the change'}.${d['look'] === undefined ? '' : ` A look right after: ${d['look']}.`}`,
    () => 'It may still happen when its running tool ends. Look again before you repeat it.',
  ),
  'changed-meanwhile': entry(
    412,
    1,
    (d) => `${d['what'] ?? 'It'} was changed by somebody else since you opened it.`,
    () => 'Open it again, and put your change into what is there now.',
  ),
  'diff-not-seen': entry(
    428,
    1,
    () => 'What would change was not shown before.',
    () => 'Look at the differences first, then save.',
  ),
  'outside-of-project': entry(
    409,
    1,
    () => 'That file leads out of the folder it should be in.',
    () => 'Look at the link on disk: it is not followed.',
  ),
  'place-not-known': entry(
    404,
    3,
    () => 'That folder is not known, or no longer there.',
    () => 'Look at what the instance says of its project and its log.',
  ),
  'port-taken': entry(
    500,
    1,
    (d) => `Port ${d['port'] ?? '?'} is taken by ${d['owner'] ?? 'another program'}.`,
    () => 'End that program, or start with --port 0 or another port.',
  ),
  'port-forbidden': entry(
    500,
    1,
    (d) => `This user may not listen on port ${d['port'] ?? '?'}.`,
    () => 'Choose a port above 1023 with --port.',
  ),
  'state-folder-unsafe': entry(
    500,
    1,
    (d) => `The state folder ${d['path'] ?? ''} is not safe: ${d['issue'] ?? ''}.`,
    () => 'Make it yours alone (chown, chmod 700), or set SERENA_DECK_STATE to another folder.',
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
    (d) => `${d['file'] ?? 'A file'} could not be written: ${d['issue'] ?? 'unknown'}.`,
    () => 'The file was not changed. Fix the problem and try again.',
  ),
  'folder-unsafe': entry(
    500,
    1,
    (d) => `Nothing is written into ${d['path'] ?? 'that folder'}: ${d['issue'] ?? 'it is not safe'}.`,
    () => 'Make it yours alone (chown, chmod go-w), then try again.',
  ),
  'key-not-changed': entry(
    409,
    1,
    (d) => `${d['key'] ?? 'That key'} cannot be changed by itself in this file.`,
    () => "Edit the file as a whole: Edit Serena's configuration, in an instance's Actions.",
  ),
  'file-locked': entry(
    503,
    1,
    (d) => `${d['file'] ?? 'That file'} is being changed by ${d['holder'] ?? 'another program'}.`,
    (d) => `Try again; if that program has ended, remove ${d['lock'] ?? 'its lock'}.`,
  ),
  'process-not-found': entry(
    404,
    3,
    (d) => `There is no process ${d['pid'] ?? 'of that number'}.`,
    () => 'Register an instance while it runs.',
  ),
  'entry-not-found': entry(
    404,
    3,
    (d) => `No registry entry of Serena Deck matches ${d['target'] ?? 'that'}.`,
    () => 'See `serena-deck registry list`.',
  ),
  'backend-not-running': entry(
    500,
    3,
    () => 'Serena Deck is not running.',
    () => 'Start it with `serena-deck open`.',
  ),
  'backend-not-started': entry(
    500,
    1,
    (d) => `Serena Deck did not start: ${d['words'] || 'it ended without a word.'}`,
    (d) => `See ${d['logFile'] ?? 'its log'}, or run \`serena-deck serve\` to watch it.`,
  ),
  'window-not-started': entry(
    500,
    1,
    (d) => `The window did not start: ${d['words'] || 'it ended without a word.'}`,
    (d) => `See ${d['logFile'] ?? 'its log'}; \`serena-deck open --browser\` shows the page without it.`,
  ),
  'backend-unreachable': entry(
    500,
    1,
    () => 'The running Serena Deck did not prove who it is.',
    () => 'End what listens on its port, then start Serena Deck again.',
  ),
  'runtime-unpinned': entry(
    500,
    1,
    (d) => `There is no pinned window runtime for ${d['platform'] ?? 'this platform'}.`,
    () => 'Build Neutralino 6.9.0 yourself and name it in SERENA_DECK_RUNTIME.',
  ),
  'runtime-unusable': entry(
    500,
    1,
    (d) => `SERENA_DECK_RUNTIME names ${d['path'] ?? 'something'}, which is no program of yours.`,
    () => 'Correct it, or take it away.',
  ),
  'runtime-download-failed': entry(
    500,
    1,
    (d) => `The window runtime could not be downloaded: ${d['issue'] ?? 'unknown'}.`,
    () => 'The next start goes on where this one ended.',
  ),
  'runtime-wrong-checksum': entry(
    500,
    1,
    () => 'What was downloaded is not the pinned window runtime; nothing of it was kept.',
    () => 'Look for a proxy that changes downloads, then start again.',
  ),
  'runtime-not-kept': entry(
    500,
    1,
    (d) => `The window runtime could not be kept in ${d['path'] ?? 'the cache'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Make room or set XDG_CACHE_HOME, or name a runtime in SERENA_DECK_RUNTIME.',
  ),
  'desktop-not-changed': entry(
    500,
    1,
    (d) =>
      `${d['path'] ?? 'The desktop'} could not be changed: ${String(d['issue'] ?? 'unknown').replace(/[.\s]+$/, '')}.`,
    () => 'Look at who may write there, then run it again.',
  ),
  'own-process-stays': entry(
    500,
    1,
    (d) => `The running Serena Deck (process ${d['pid'] ?? '?'}) did not end.`,
    () => 'End it yourself, then run it again.',
  ),
  'file-unusable': entry(
    500,
    1,
    (d) => `Cannot use ${d['file'] ?? 'a file'}: ${d['issue'] ?? 'unknown'}.`,
    () => 'Check its owner and permissions, and those of its folder, and try again.',
  ),
  'program-not-started': entry(
    500,
    1,
    (d) => `${d['program'] ?? 'The program'} could not be started: ${d['issue'] ?? 'unknown'}.`,
    () => 'Name it with its whole path: a client may have another PATH than your terminal.',
  ),
  'wrong-use': entry(
    400,
    2,
    (d) => String(d['issue'] ?? 'That is not how the command is used.'),
    (d) => (d['command'] === undefined ? 'See --help.' : `See \`${d['command']} --help\`.`),
  ),
  internal: entry(
    500,
    1,
    () => 'Serena Deck has a fault.',
    () => 'Look at the log of the backend and report it.',
  ),
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

/** An expected failure. Anything else that is thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly data: ErrorData
  /** What to do, one sentence; of an error that a backend sent, the backend's own. */
  fix: string

  constructor(code: ErrorCode, data: ErrorData = {}, options?: { cause?: unknown }) {
    super(ERRORS[code].why(data), options)
    this.name = 'AppError'
    this.code = code
    this.data = data
    this.fix = ERRORS[code].fix(data)
  }
}
