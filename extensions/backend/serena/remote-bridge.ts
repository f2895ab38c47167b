// Programs that connect their own stdio with a command that runs somewhere else: in a container, on another machine, on the
// other side of WSL. Their grammar says where that is and which words are the command. Pure.

import { isInterpreter } from '../lib/interpreters.ts'
import { shellWord } from '../lib/quoting.ts'
import { type Options, optionsOf, readOptions } from './read-options.ts'
import type { RemoteBridge } from './remote-facts.ts'

export interface RemoteCommand {
  bridge: RemoteBridge
  /** The command that runs there. */
  words: readonly string[]
  /** A shell there reads the words as one text. */
  isScript: boolean
}

type Parse = (program: string, words: readonly string[]) => RemoteCommand | null

/** Returns the place where a command line runs its command, and that command; null: it runs here. */
export function parseRemote(argv: readonly string[]): RemoteCommand | null {
  const windows = parseWindows(argv)
  if (windows) return windows
  const [program = '', ...words] = withoutInterpreter(argv)
  const name = commandName(program)
  return PARSERS.get(name)?.(name, words) ?? null
}

/** `sh /opt/bin/docker run …`: a script of that name is that program. */
function withoutInterpreter(argv: readonly string[]): readonly string[] {
  const [program = '', ...rest] = argv
  if (!isInterpreter(commandName(program), 'python', 'javascript', 'shell')) return argv
  const at = rest.findIndex((word) => !word.startsWith('-'))
  return at < 0 || rest.slice(0, at).includes('-c') ? argv : rest.slice(at)
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? ''
const commandName = (path: string): string =>
  baseName(path)
    .replace(/\.exe$/i, '')
    .toLowerCase()

const remote = (
  bridge: Pick<RemoteBridge, 'place' | 'program'> & Partial<RemoteBridge>,
  words: readonly string[],
  isScript = false,
): RemoteCommand => ({
  bridge: { target: null, idFile: null, stop: null, ports: [], ...bridge },
  words,
  isScript,
})

// Containers

/** Options of `docker run` and its relatives that take no value; every other one does. */
const RUN_FLAGS = optionsOf(
  'd detach i interactive t tty init rm privileged no-healthcheck oom-kill-disable publish-all P read-only sig-proxy',
  'disable-content-trust quiet q use-api-socket help replace tls-verify no-hosts no-hostname http-proxy rmi env-host',
  'passwd unsetenv-all rootfs read-only-tmpfs no-trunc',
)
const EXEC_FLAGS = optionsOf('d detach i interactive t tty privileged l latest no-session')
const COMPOSE_FLAGS = optionsOf(
  'd detach i interactive t T no-tty tty rm build no-deps service-ports P use-aliases quiet q quiet-pull quiet-build',
  'remove-orphans privileged',
)
const GLOBAL_FLAGS = optionsOf(
  'D debug tls tlsverify remote r compatibility dry-run all-resources verbose no-ansi',
)

function parseEngine(program: string, words: readonly string[]): RemoteCommand | null {
  const { rest } = readOptions(words, GLOBAL_FLAGS, 'flags')
  const [verb = '', ...more] = rest[0] === 'container' ? rest.slice(1) : rest
  if (verb === 'compose') return parseCompose(`${program} compose`, more)
  if (verb === 'run') return parseRun(program, more)
  return verb === 'exec' ? parseExec(program, more) : null
}

function parseRun(program: string, words: readonly string[]): RemoteCommand | null {
  const { options, rest } = readOptions(words, RUN_FLAGS, 'flags')
  const [image, ...command] = rest
  if (image === undefined) return null
  const target = options.last('name')
  const idFile = options.last('cidfile')
  const container =
    target === null ? (idFile === null ? null : `"$(cat ${shellWord(idFile)})"`) : shellWord(target)
  return remote(
    {
      place: 'container',
      program,
      target,
      idFile,
      stop: container === null ? null : `${program} stop ${container}`,
      ports: options.all('publish', 'p').flatMap(publishedPort),
    },
    commandOf(command, options),
  )
}

/** The image may be a Serena by its entry point. */
function commandOf(command: readonly string[], options: Options): readonly string[] {
  const entry = options.last('entrypoint')
  if (entry !== null && entry !== '') return [entry, ...command]
  return command[0] === 'start-mcp-server' ? ['serena', ...command] : command
}

/** The port of this machine in `127.0.0.1:24282:24282/tcp`; none where the engine chooses it. */
function publishedPort(value: string): number[] {
  const parts = value.replace(/\/\w+$/, '').split(':')
  const port = Number(parts.length > 1 ? parts.at(-2) : Number.NaN)
  return Number.isInteger(port) && port > 0 ? [port] : []
}

function parseExec(program: string, words: readonly string[]): RemoteCommand | null {
  const { rest } = readOptions(words, EXEC_FLAGS, 'flags')
  const [target, ...command] = rest
  if (target === undefined) return null
  return remote(
    { place: 'container', program, target, stop: `${program} stop ${shellWord(target)}` },
    command,
  )
}

function parseCompose(program: string, words: readonly string[]): RemoteCommand | null {
  const { rest } = readOptions(words, GLOBAL_FLAGS, 'flags')
  const [verb, ...more] = rest
  if (verb !== 'run' && verb !== 'exec') return null
  const read = readOptions(more, COMPOSE_FLAGS, 'flags')
  const [service, ...command] = read.rest
  if (service === undefined) return null
  const name = read.options.last('name')
  const engine = program.split(/[ -]/)[0] ?? program
  const stop = name === null ? `${program} stop ${shellWord(service)}` : `${engine} stop ${shellWord(name)}`
  return remote(
    { place: 'container', program, target: name ?? service, stop },
    commandOf(command, read.options),
  )
}

const KUBECTL_FLAGS = optionsOf('i stdin t tty q quiet insecure-skip-tls-verify match-server-version')

/** The options that say where a pod is, as they are written again, with their names. */
const KUBECTL_PLACE: readonly (readonly [string, ...string[]])[] = [
  ['--context', 'context'],
  ['-n', 'n', 'namespace'],
  ['-c', 'c', 'container'],
]

function parseKubectl(program: string, words: readonly string[]): RemoteCommand | null {
  const before = readOptions(words, KUBECTL_FLAGS, 'flags')
  const [verb, ...more] = before.rest
  if (verb !== 'exec') return null
  const at = more.indexOf('--')
  const { options, rest } = readOptions(at < 0 ? more : more.slice(0, at), KUBECTL_FLAGS, 'flags')
  const [target, ...command] = rest
  if (target === undefined) return null
  // kubectl also accepts options after the pod.
  const after = readOptions(at < 0 ? [] : command, KUBECTL_FLAGS, 'flags').options
  const given = KUBECTL_PLACE.flatMap(([option, ...names]) => {
    const value = [after, options, before.options]
      .map((one) => one.last(...names))
      .find((one) => one !== null)
    return value == null ? [] : [option, shellWord(value)]
  })
  const stop = [program, 'exec', ...given, shellWord(target), '--', 'pkill -f start-mcp-server'].join(' ')
  return remote({ place: 'container', program, target, stop }, at < 0 ? command : more.slice(at + 1))
}

// Other machines, and similar places

const SSH_VALUED = optionsOf('B b c D E e F I i J L l m O o P p Q R S W w')

function parseSsh(program: string, words: readonly string[]): RemoteCommand | null {
  const { rest } = readOptions(words, SSH_VALUED, 'valued')
  const [target, ...command] = rest
  if (target === undefined) return null
  const script = command[0] === '--' ? command.slice(1) : command
  return remote({ place: 'machine', program, target }, script, true)
}

/** Programs of one shape: options, verbs, the target unless it is an option, then the command. */
interface Shape {
  place: RemoteBridge['place']
  verbs: readonly (readonly string[])[]
  valued: ReadonlySet<string>
  /** The option that names the target; absent: the first word after the verb does. */
  targetOption?: readonly string[]
  /** The option that holds the command as one text. */
  commandOption?: string
  isScript?: boolean
  stop?: (target: string) => string
}

function parseShape(shape: Shape): Parse {
  return (program, words) => {
    const after = afterVerbs(words, shape)
    if (after === null) return null
    const { options, rest } = readOptions(after, shape.valued, 'valued')
    const isNamed = shape.targetOption !== undefined
    const target = isNamed ? options.last(...(shape.targetOption ?? [])) : (rest[0] ?? null)
    const command = isNamed ? rest : rest.slice(1)
    const text = shape.commandOption === undefined ? null : options.last(shape.commandOption)
    const all = command[0] === '--' ? command.slice(1) : command
    const stop = target === null ? null : (shape.stop?.(shellWord(target)) ?? null)
    const bridge = { place: shape.place, program, target, stop }
    if (text !== null) return remote(bridge, [text, ...all], true)
    return remote(bridge, all, shape.isScript)
  }
}

function afterVerbs(words: readonly string[], { verbs, valued }: Shape): readonly string[] | null {
  if (verbs.length === 0) return words
  const { rest } = readOptions(words, valued, 'valued')
  const verb = verbs.find((one) => one.every((word, at) => rest[at] === word))
  return verb ? rest.slice(verb.length) : null
}

const SHAPES: Readonly<Record<string, Shape>> = {
  wsl: {
    place: 'wsl',
    verbs: [],
    valued: optionsOf('d distribution u user cd shell-type distribution-id'),
    targetOption: ['distribution', 'd'],
    isScript: true,
  },
  flatpak: {
    place: 'sandbox',
    verbs: [['run']],
    valued: optionsOf('command branch arch runtime runtime-version cwd'),
    commandOption: 'command',
    stop: (target) => `flatpak kill ${target}`,
  },
  devcontainer: {
    place: 'container',
    verbs: [['exec']],
    valued: optionsOf(
      'workspace-folder container-id id-label config override-config docker-path docker-compose-path remote-env',
      'user-data-folder container-data-folder log-level log-format terminal-columns terminal-rows',
    ),
    targetOption: ['container-id', 'workspace-folder'],
  },
  distrobox: {
    place: 'container',
    verbs: [['enter']],
    valued: optionsOf('n name a additional-flags'),
    targetOption: ['name', 'n'],
  },
  toolbox: {
    place: 'container',
    verbs: [['run']],
    valued: optionsOf('c container d distro r release preserve-fds'),
    targetOption: ['container', 'c'],
  },
  lxc: {
    place: 'container',
    verbs: [['exec']],
    valued: optionsOf('env user group cwd mode'),
    stop: (target) => `lxc stop ${target}`,
  },
  incus: {
    place: 'container',
    verbs: [['exec']],
    valued: optionsOf('env user group cwd mode project'),
    stop: (target) => `incus stop ${target}`,
  },
  limactl: { place: 'machine', verbs: [['shell']], valued: optionsOf('shell workdir') },
  multipass: { place: 'machine', verbs: [['exec']], valued: optionsOf('d working-directory') },
  coder: { place: 'machine', verbs: [['ssh']], valued: optionsOf('e env'), isScript: true },
}

/** `distrobox enter NAME -- …`: the name may be given without its option. */
const parseDistrobox: Parse = (program, words) => {
  const found = parseShape(SHAPES['distrobox'] as Shape)(program, words)
  if (!found || found.bridge.target !== null) return found
  const [target, separator, ...command] = found.words
  if (target === undefined || separator !== '--') return found
  return { ...found, bridge: { ...found.bridge, target }, words: command }
}

const PARSERS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...['docker', 'podman', 'nerdctl', 'finch'].map((name) => [name, parseEngine] as const),
  ...['docker-compose', 'podman-compose'].map((name) => [name, parseCompose] as const),
  ...['kubectl', 'oc', 'k3s-kubectl', 'microk8s.kubectl'].map((name) => [name, parseKubectl] as const),
  ...['ssh', 'autossh', 'slogin'].map((name) => [name, parseSsh] as const),
  ...Object.entries(SHAPES).map(([name, shape]) => [name, parseShape(shape)] as const),
  ['distrobox', parseDistrobox],
])

// Windows, seen from WSL

const EXE = /^\/.*\.exe$/i
const MOUNTED_EXE = /^\/(mnt\/)?[a-z]\/.*\.exe$/i

/**
 * WSL runs a program of Windows by its own `/init`, with the path of the program and then its arguments from the name on:
 * `/init /mnt/c/…/uvx.exe uvx.exe serena start-mcp-server`.
 */
function parseWindows(argv: readonly string[]): RemoteCommand | null {
  const [first = '', ...rest] = argv
  const isInterop = /^\/(.*\/)?(init|wsl-?interop)$/i.test(first)
  const [path = '', ...words] = isInterop ? rest : argv
  if (!(isInterop ? EXE : MOUNTED_EXE).test(path)) return null
  const hasName = isInterop && commandName(words[0] ?? '') === commandName(path)
  const command = hasName ? words.slice(1) : words
  const program = baseName(path)
  const bridge = { place: 'windows', program } as const
  if (/^(powershell|pwsh)$/.test(commandName(path))) {
    const at = command.findIndex((word) => /^[-/](c|command)$/i.test(word))
    return at < 0 ? null : remote(bridge, command.slice(at + 1), true)
  }
  return remote(bridge, [program, ...command])
}
