// A small program that looks like a Serena: command line, log file, dashboard, end of input. For the demo and for tests.
// It is run as `node <folder>/bin/serena start-mcp-server …` and ends, as Serena does, when its stdin ends.
// SIGUSR1 switches the project, SIGUSR2 makes the dashboard hang and answer again; the same commands come over stdin, one per line.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { signalSelf } from '../os/signals.ts'
import { answerStandIn, errorPage, type StandInState } from './stand-in-answers.ts'
import { HOSTILE_LINES, HOSTILE_NAME } from './stand-in-hostile.ts'
import { openStandInLog } from './stand-in-log.ts'
import { readStandInOptions } from './stand-in-options.ts'

const options = readStandInOptions(process.env)
const serenaHome = process.env['SERENA_HOME'] || join(homedir(), '.serena')
const log = openStandInLog(serenaHome, process.pid)
const argumentAfter = (flag: string): string | undefined => {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}

const project =
  options.project && options.isHostile ? { ...options.project, name: HOSTILE_NAME } : options.project
const known = [project, options.otherProject].filter((entry) => entry !== null)
const state: StandInState = {
  version: options.version,
  project,
  registered: known,
  moreNames: options.isHostile ? [HOSTILE_NAME] : [],
  memories: new Map([
    ['project_overview', '# Overview\nWhat this project is.\n'],
    ['style/conventions', '# Conventions\n'],
    ...(options.isHostile ? [[HOSTILE_NAME, HOSTILE_NAME] as const] : []),
  ]),
  stats: new Map(
    project
      ? [
          ['find_symbol', { num_times_called: 12, input_tokens: 410, output_tokens: 5230 }],
          ['read_file', { num_times_called: 7, input_tokens: 96, output_tokens: 8120 }],
          ['replace_symbol_body', { num_times_called: 3, input_tokens: 1804, output_tokens: 9 }],
          ...(options.isHostile
            ? [[HOSTILE_NAME, { num_times_called: 1, input_tokens: 1, output_tokens: 1 }] as const]
            : []),
        ]
      : [],
  ),
  queue: [],
  last: project ? task('Task-23:FindSymbolTool', false) : null,
  context: argumentAfter('--context') ?? 'desktop-app',
  opensOnLaunch: options.opensOnLaunch,
  newerVersion: options.newerVersion,
  hasExtraFields: options.hasExtraFields,
  changedTypes: options.changedTypes,
  news: new Map(Object.entries(options.news)),
  missingRoutes: new Set(options.missingRoutes),
  log,
}
if (options.runningTask !== null) state.queue.push(task(options.runningTask, true))

function task(name: string, isRunning: boolean): NonNullable<StandInState['last']> {
  return {
    task_id: 139_717_370_719_952,
    name,
    is_running: isRunning,
    finished_successfully: !isRunning,
    logged: true,
  }
}

let answers = 0
let isHanging = false
let isForcedToAnswer = false
let closeDashboard = (): void => undefined
const held = new Set<ServerResponse>()

function end(code: number): never {
  log.close()
  process.exit(code)
}

function setHanging(wanted: boolean): void {
  isHanging = wanted
  if (wanted) return
  // Waiting requests get no late answer.
  for (const response of held) response.destroy()
  held.clear()
}

function switchProject(): void {
  state.project = state.project === null ? options.otherProject : null
  log.write('INFO', 'serena.agent:activate_project:1204', `Active project: ${state.project?.name ?? 'none'}`)
}

// A tool that never returns leaves a last line in the log.
function hangIfDue(): void {
  if (isHanging || isForcedToAnswer || options.hangsAfterMs === null) return
  if (process.uptime() * 1000 < options.hangsAfterMs || answers < options.hangsAfterAnswers) return
  isHanging = true
  log.write(
    'INFO',
    'serena.task_executor:_process_task_queue:141',
    'Starting execution of Task-24:FindSymbolTool',
  )
}
if (options.hangsAfterMs !== null) setInterval(hangIfDue, 200)

function hold(response: ServerResponse): void {
  held.add(response)
  response.on('close', () => held.delete(response))
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  hangIfDue()
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
  const silence = options.silentRoutes[path]
  if (isHanging || silence === 'before') return hold(response)
  // As Werkzeug compares them.
  const host = (request.headers.host ?? '').split(':', 1)[0] ?? ''
  const isTrusted = options.trustedHosts.length === 0 || options.trustedHosts.includes(host)
  if (isTrusted && request.method === 'PUT' && path === '/shutdown') {
    // Serena closes the connection without a byte and ends by SIGTERM to itself.
    request.socket.destroy()
    signalSelf('SIGTERM')
    return
  }
  const answer = isTrusted
    ? answerStandIn(state, {
        method: request.method ?? 'GET',
        path,
        contentType: request.headers['content-type'] ?? '',
        body,
      })
    : errorPage(400, 'Bad Request')
  if (silence === 'after') return hold(response)
  if (options.answerDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, options.answerDelayMs))
  response.writeHead(answer.status, {
    Server: 'Werkzeug/3.1.7 Python/3.11.7',
    'Content-Type': answer.contentType,
    Connection: 'close',
    ...answer.headers,
  })
  response.end(answer.body)
  answers += 1
}

function openDashboard(port: number): void {
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      process.stderr.write(`stand-in: ${String(error)}\n`)
      response.destroy()
    })
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || port >= 65_535) throw error
    openDashboard(port + 1)
  })
  closeDashboard = () => void server.close()
  server.listen({ port, host: options.address, exclusive: true }, () => {
    log.write(
      'INFO',
      'serena.dashboard:run_in_thread:868',
      `Starting dashboard (listen_address=${options.address}, port=${port})`,
    )
    log.write(
      'INFO',
      'serena.agent:__init__:744',
      `Serena web dashboard started at http://${options.address === '0.0.0.0' ? 'localhost' : options.address}:${port}/dashboard/index.html`,
    )
    // One line on stdout reports the port; a Serena's stdout is the MCP connection.
    process.stdout.write(`${JSON.stringify({ standIn: process.pid, port, log: log.file })}\n`)
  })
}

const COMMANDS: Readonly<Record<string, () => void>> = {
  hang: () => setHanging(true),
  answer: () => {
    isForcedToAnswer = true
    setHanging(false)
  },
  close: () => closeDashboard(),
  project: switchProject,
  log: () => log.write('INFO', 'serena.tools.tools_base:task:377', 'A requested line'),
  error: () => log.write('ERROR', 'serena.tools.tools_base:task:377', 'A requested error'),
}

const at = 'serena.cli:start_mcp_server'
log.write('INFO', `${at}:432`, 'Initializing Serena MCP server')
log.write('INFO', `${at}:433`, `Storing logs in ${log.file}`)
log.write(
  'INFO',
  'serena.agent:__init__:651',
  `Starting Serena server (version=${options.version}, process id=${process.pid}, parent process id=${process.ppid}; language backend=LSP); Python version=3.11.7, platform=Linux-6.8.0-x86_64-with-glibc2.39`,
)
log.write(
  'INFO',
  'serena.agent:__init__:656',
  `Available projects: ${known.map((entry) => entry.name).join(', ')}`,
)
if (options.isHostile) for (const line of HOSTILE_LINES) log.write('WARNING', 'serena.tools:task:1', line)

if (options.dashboard === 'open') openDashboard(options.basePort)
if (options.dashboard === 'late') setTimeout(() => openDashboard(options.basePort), options.opensAfterMs)
if (options.dashboard !== 'open') {
  process.stdout.write(`${JSON.stringify({ standIn: process.pid, port: null, log: log.file })}\n`)
}

if (options.logLinesPerSecond > 0) {
  const tickMs = Math.max(100, 1000 / options.logLinesPerSecond)
  let written = 0
  setInterval(() => {
    for (const until = written + (options.logLinesPerSecond * tickMs) / 1000; written < until; ) {
      written += 1
      log.write(
        written % 50 === 0 ? 'WARNING' : 'INFO',
        'serena.tools.tools_base:task:377',
        `Result: line ${written} of a chatty instance`,
      )
    }
  }, tickMs)
}

process.on('SIGUSR1', switchProject)
process.on('SIGUSR2', () => COMMANDS[isHanging ? 'answer' : 'hang']?.())
const input = createInterface({ input: process.stdin })
input.on('line', (line) => COMMANDS[line.trim()]?.())
input.on('close', () => {
  if (!options.ignoresEndOfInput) end(0)
})
// Without input and dashboard nothing else would keep the process running.
setInterval(() => undefined, 60_000)
