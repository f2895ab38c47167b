// A Serena that does what each call says (test/fixtures/programs/scripted-serena.cjs), with files that show what it got and executed.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from './scope.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

/** Read at each start. */
export interface Script {
  version?: string
  /** Default: tools, without notifications. */
  capabilities?: object
  /** Names; those that begin with `read` have `readOnlyHint`. Default: `read` and `write`. */
  tools?: readonly string[]
  /** It reads nothing until this gate opens. */
  startGate?: string
  /** Written to stderr at its start. */
  stderr?: string
  /** Exits at its start with this code. */
  exit?: number
  /** It continues to run when its input ends, and after SIGTERM. */
  isStubborn?: boolean
  /** The id of all its own requests; default: 1, 2, … */
  askId?: number | string
}

/** Arguments of a call, in the order in which they take effect. */
export interface ScriptedCall {
  stderr?: string
  exit?: number
  /** It kills itself. */
  kill?: boolean
  /** Progress notifications before the answer; `token` replaces that of the call. */
  progress?: number
  token?: unknown
  /** Messages, such as notifications. */
  notify?: readonly object[]
  /** It starts a program that holds its output open for so many milliseconds. */
  holdOutput?: number
  /** It starts a program that keeps a processor busy until Serena exits. */
  busyChild?: boolean
  /** It answers nothing any more. */
  hang?: boolean
  /** It waits until this gate opens. */
  gate?: string
  /** A request to the client; its answer is in `result.reply`. */
  ask?: { method: string; params?: object }
  /** Its tools from now on. */
  tools?: readonly string[]
  /** The text of its answer: `text`, or so many letters. */
  text?: string
  size?: number
  isError?: boolean
  lateProgress?: number
}

export interface ScriptedSerena {
  command: readonly [program: string, ...args: string[]]
  env: Readonly<Record<string, string>>
  serenaHome: string
  write(script: Script): void
  open(gate: string): void
  /** The pid of each start so far. */
  starts(): readonly number[]
  /** Every line that it has got. */
  lines(): readonly string[]
  /** Tool calls that it has got, as their `text`. */
  called(): readonly string[]
  /** Tool calls that it has executed, as `TOOL TEXT`. */
  executed(): readonly string[]
  /** Waits until it has got a tool call with this `text`. */
  gets(text: string): Promise<unknown>
}

const isWindows = process.platform === 'win32'

/** PATH, and what programs need on Windows. */
export function systemVariables(): Record<string, string> {
  const names = isWindows ? ['PATH', 'PATHEXT', 'SYSTEMROOT', 'COMSPEC', 'TEMP', 'NODE_PATH'] : ['PATH']
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))
}

/** Makes one with files and a home of its own; `args`: more arguments of `start-mcp-server`. */
export async function makeScriptedSerena(
  scope: Scope,
  { script = {}, args = [] }: { script?: Script; args?: readonly string[] } = {},
): Promise<ScriptedSerena> {
  const folder = await makeTempFolder(scope, 'scripted')
  const serenaHome = join(folder, 'home')
  const program = join(folder, 'bin', 'serena')
  mkdirSync(join(folder, 'bin'))
  mkdirSync(serenaHome)
  copyFileSync(join(projectRoot, 'test', 'fixtures', 'programs', 'scripted-serena.cjs'), program)
  chmodSync(program, 0o755)
  const write = (next: Script): void => writeFileSync(join(folder, 'script.json'), JSON.stringify(next))
  write(script)
  const read = (name: string): string[] => {
    const file = join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  }
  const called = (): string[] =>
    read('lines').flatMap((line) => {
      const { method, params } = JSON.parse(line) as {
        method?: string
        params?: { arguments?: ScriptedCall }
      }
      return method === 'tools/call' ? [params?.arguments?.text ?? ''] : []
    })
  return {
    // Windows starts no scripts by their first line.
    command: [...(isWindows ? [process.execPath] : []), program, 'start-mcp-server', ...args] as never,
    env: { ...systemVariables(), SERENA_HOME: serenaHome, SCRIPTED_FOLDER: folder },
    serenaHome,
    write,
    open: (gate) => writeFileSync(join(folder, `gate-${gate}`), ''),
    starts: () => read('starts').map(Number),
    lines: () => read('lines'),
    called,
    executed: () => read('executed'),
    gets: (text) => waitUntil(`Serena to get ${text}`, () => called().includes(text), { everyMs: 10 }),
  }
}
