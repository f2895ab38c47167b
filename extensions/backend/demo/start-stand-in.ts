// Starts one stand-in so that its command line, folder and files are those of a real Serena.
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { isSea } from 'node:sea'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as z from 'zod/mini'
import { type OwnChild, startOwnChild } from '../os/own-child.ts'
import { STAND_IN_VARIABLE, type StandInInput } from './stand-in-options.ts'

export interface StandIn {
  pid: number
  /** The dashboard's port; null while it has none. */
  port(): number | null
  logFile: string
  child: OwnChild
  /** Sends a command; `close` closes only the dashboard, `project` switches it. */
  send(command: 'hang' | 'answer' | 'close' | 'project' | 'log' | 'error'): void
  stop(): Promise<void>
}

export interface StandInStart {
  /** A folder of the caller: `bin/serena` is written into it. */
  folder: string
  serenaHome: string
  options: StandInInput
  /** After `start-mcp-server`; default: `--project PATH` when there is one. */
  args?: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** A command before the program, such as a namespace. It must become the program (`exec`). */
  runner?: readonly string[]
}

const helloSchema = z.object({ standIn: z.number(), port: z.nullable(z.number()), log: z.string() })

/** The program: the build beside this bundle, or the source, which tsx compiles. */
function programText(): string {
  // The single executable holds the stand-in itself: only the name counts.
  if (isSea()) return ''
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [join(here, 'stand-in.js'), join(here, '..', 'stand-in.js')].find((file) => existsSync(file))
  if (built) return `import(${JSON.stringify(pathToFileURL(built).href)})\n`
  const tsxFolder = dirname(createRequire(import.meta.url).resolve('tsx/package.json'))
  const tsx = pathToFileURL(join(tsxFolder, 'dist', 'esm', 'api', 'index.mjs')).href
  const source = pathToFileURL(join(here, 'stand-in.ts')).href
  return `import(${JSON.stringify(tsx)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(source)}) })\n`
}

/** Writes `<folder>/bin/serena`, the extensionless file that Node runs; the basename is what makes it a Serena to us. */
export async function writeStandInProgram(folder: string): Promise<string> {
  const program = join(folder, 'bin', 'serena')
  await mkdir(dirname(program), { recursive: true })
  await writeFile(program, programText())
  return program
}

/** Resolves when the stand-in serves its dashboard (or at once, if it has none yet). Rejects when it ends before that. */
export async function startStandIn(start: StandInStart): Promise<StandIn> {
  const { folder, serenaHome, options } = start
  const program = await writeStandInProgram(folder)
  const args = start.args ?? (options.project ? ['--project', options.project.path] : [])
  const words = [...(start.runner ?? []), process.execPath, program, 'start-mcp-server', ...args]
  const child = await startOwnChild(words[0] ?? process.execPath, words.slice(1), {
    cwd: start.cwd ?? folder,
    env: {
      ...process.env,
      ...start.env,
      SERENA_HOME: serenaHome,
      [STAND_IN_VARIABLE]: JSON.stringify(options),
    },
    stderr: 'inherit',
  })
  let port: number | null = null
  const hello = await new Promise<z.infer<typeof helloSchema>>((resolve, reject) => {
    const deadline = setTimeout(() => {
      finish(() => reject(new Error('the stand-in wrote nothing for 60 s')))
      void child.stop(0)
    }, 60_000)
    const watch = setInterval(() => {
      if (child.exit() !== null) finish(() => reject(new Error('the stand-in exited at its start')))
    }, 50)
    const finish = (settle: () => void): void => {
      clearTimeout(deadline)
      clearInterval(watch)
      settle()
    }
    child.onLine((line) => {
      const hello = helloSchema.parse(JSON.parse(line))
      port = hello.port
      finish(() => resolve(hello))
    })
  })
  return {
    pid: child.pid,
    port: () => port,
    logFile: hello.log,
    child,
    send: (command) => child.writeLine(command),
    stop: () => child.stop(),
  }
}
