// A fake Serena with a language server, and with user programs below it and in its session.
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guardProcess, isAlive, markProcess, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

/** Programs that keep running when the Serena ends, and programs that end with it. */
export const USER_PROGRAMS = ['idea64', 'firefox', 'dev-server.js', 'nohup-server'] as const
export const SERVERS = ['fake-server', 'fake-grandchild'] as const
type Name = (typeof USER_PROGRAMS)[number] | (typeof SERVERS)[number] | 'serena'

export interface BusySerena {
  /** The Serena. */
  mark: ProcessMark
  of(name: Name): ProcessMark
  living(names: readonly Name[]): Name[]
}

export interface BusyStart {
  serenaHome: string
  isStubborn?: boolean
  /** Command before the program. */
  runner?: readonly string[]
  env?: NodeJS.ProcessEnv
}

export interface PreparedSerena {
  command: [string, ...string[]]
  env: NodeJS.ProcessEnv
  /** Resolves once all of its processes run; they are killed when the scope ends. */
  started(scope: Scope): Promise<BusySerena>
}

/** Creates the programs, and returns the command that starts it. */
export async function prepareBusySerena(
  scope: Scope,
  { serenaHome, isStubborn = false, env = {} }: BusyStart,
): Promise<PreparedSerena> {
  const programs = await makeTempFolder(scope, 'busy')
  for (const name of ['idea64', 'firefox', 'nohup-server'])
    copyFileSync('/usr/bin/sleep', join(programs, name))
  writeFileSync(join(programs, 'dev-server.js'), 'setInterval(() => undefined, 1e8)\n')
  const store = join(serenaHome, 'language_servers', 'static', 'Fake')
  mkdirSync(store, { recursive: true })
  copyFileSync('/usr/bin/sleep', join(store, 'fake-grandchild'))
  writeFileSync(join(store, 'fake-server'), `trap '' TERM HUP\n${join(store, 'fake-grandchild')} 300\ntrue\n`)
  const program = join(programs, 'serena')
  copyFileSync(join(projectRoot, 'test/fixtures/programs/busy-serena.cjs'), program)
  chmodSync(program, 0o755)
  const folders = [programs, store]
  return {
    command: [
      process.execPath,
      program,
      'start-mcp-server',
      '--project',
      '/srv/shop',
      '--enable-web-dashboard',
      'false',
    ],
    env: {
      ...process.env,
      SERENA_HOME: serenaHome,
      SERENA_DECK_TEST_PROGRAMS: programs,
      ...(isStubborn && { SERENA_DECK_TEST_STUBBORN: 'term' }),
      ...env,
    },
    started: (of) => waitForAll(of, folders),
  }
}

/** Starts one as the leader of its own session. */
export async function startBusySerena(scope: Scope, start: BusyStart): Promise<BusySerena> {
  const { command, env, started } = await prepareBusySerena(scope, start)
  const [file, ...args] = command
  spawn(file, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true }).unref()
  return started(scope)
}

async function waitForAll(scope: Scope, folders: readonly string[]): Promise<BusySerena> {
  const names: Name[] = ['serena', ...USER_PROGRAMS, ...SERVERS]
  const marks = await waitUntil('the Serena and what it starts', () => {
    const found = new Map(names.map((name) => [name, pidOf(folders, name)] as const))
    return [...found.values()].every((pid) => pid !== null)
      ? new Map([...found].map(([name, pid]) => [name, markProcess(pid ?? 0)] as const))
      : null
  })
  const of = (name: Name): ProcessMark => {
    const mark = marks.get(name)
    if (!mark) throw new Error(`${name} has exited`)
    return mark
  }
  for (const name of names) {
    const mark = of(name)
    const release = guardProcess(mark)
    scope.add(() => {
      signalProcess(mark, 'SIGKILL')
      release()
    })
  }
  return { mark: of('serena'), of, living: (some) => some.filter((name) => isAlive(of(name))) }
}

/** Returns the process that runs the file of that name in one of the folders; a shell that only mentions it does not count. */
function pidOf(folders: readonly string[], name: string): number | null {
  const files = folders.map((folder) => join(folder, name))
  for (const pid of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const [program = '', script = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (files.includes(program) || files.includes(script)) return Number(pid)
    } catch {
      // It exited between the two looks.
    }
  }
  return null
}
