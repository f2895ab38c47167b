// Opens the native window on a test desktop, and finds every process that belongs to it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import * as z from 'zod/mini'
import { runCli } from './cli.ts'
import { type Desktop, startDesktop } from './desktop.ts'
import { isAlive, markProcess, markTree, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { waitUntil } from './wait-until.ts'

const recordSchema = z.looseObject({ pid: z.number(), port: z.number() })

export interface Opened {
  desktop: Desktop
  env: NodeJS.ProcessEnv
  /** The runtime, its extension if it is the backend, and the WebKit processes. */
  tree: readonly ProcessMark[]
  window: ProcessMark
  backend: ProcessMark
  port: number
}

/** Runs `open` on a new desktop (or the given one), where the extension of the window is the backend. */
export async function openWindow(scope: Scope, home: string, given?: Desktop): Promise<Opened> {
  const desktop = given ?? (await startDesktop(scope))
  const env = { ...desktop.env, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
  const { code, stdout, stderr } = await runCli(['open'], { env, timeoutMs: 60_000 })
  expect([code, stdout, stderr]).toEqual([0, 'Serena Deck is open.\n', ''])
  const record = recordOf(desktop)
  if (!record) throw new Error('no backend runs')
  const window = await guardedWindow(scope, desktop)
  return { desktop, env, tree: markTree(window.pid), window, backend: marked(record.pid), port: record.port }
}

/** Waits for the window; it is killed when the scope ends. */
export async function guardedWindow(scope: Scope, desktop: Desktop): Promise<ProcessMark> {
  await desktop.untilTitle(() => true, 'any')
  const window = marked(await desktop.windowPid())
  scope.add(() => void signalProcess(window, 'SIGKILL'))
  return window
}

/** Returns the backend record of that desktop; null: none. */
export function recordOf({ stateFolder }: Desktop): z.infer<typeof recordSchema> | null {
  const file = join(stateFolder, 'backend.json')
  return existsSync(file) ? recordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

/** Runs `list` `count` times, so that the backend has handled the exit of its window by then. */
export async function runLists(env: NodeJS.ProcessEnv, count: number): Promise<void> {
  for (let done = 0; done < count; done++) expect(await runCli(['list'], { env })).toMatchObject({ code: 0 })
}

/** Waits until all of them have exited; the error names those that run. */
export function untilExited(marks: readonly ProcessMark[]): Promise<unknown> {
  return waitUntil('all its processes to exit', () => {
    const running = marks.filter(isAlive).map(({ pid }) => `${pid} ${commandOf(pid)}`)
    if (running.length > 0) throw new Error(running.join('; '))
    return true
  })
}

const commandOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 80)

/** Returns the identity of the process with that pid. */
export function marked(pid: number): ProcessMark {
  const mark = markProcess(pid)
  if (!mark) throw new Error(`no process ${pid}`)
  return mark
}
