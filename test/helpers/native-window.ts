// Opens the native window on a desktop of the test, and knows every process that belongs to it.
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
  /** The runtime, its extension if that is the backend, and WebKit's processes. */
  tree: readonly ProcessMark[]
  window: ProcessMark
  backend: ProcessMark
  port: number
}

/** `open` on a desktop of its own (or the given one), where the window's extension is the backend. */
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

/** Waits for the window, and sees to it that it ends with the test. */
export async function guardedWindow(scope: Scope, desktop: Desktop): Promise<ProcessMark> {
  await desktop.untilTitle(() => true, 'any')
  const window = marked(await desktop.windowPid())
  scope.add(() => void signalProcess(window, 'SIGKILL'))
  return window
}

/** What the backend of that desktop says of itself, or null if none does. */
export function recordOf({ stateFolder }: Desktop): z.infer<typeof recordSchema> | null {
  const file = join(stateFolder, 'backend.json')
  return existsSync(file) ? recordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

/** Waits until none of them lives. */
export function untilGone(marks: readonly ProcessMark[]): Promise<unknown> {
  return waitUntil('all its processes to end', () => marks.every((mark) => !isAlive(mark)), {
    timeoutMs: 10_000,
  })
}

/** The process of that id, by its identity. */
export function marked(pid: number): ProcessMark {
  const mark = markProcess(pid)
  if (!mark) throw new Error(`no process ${pid}`)
  return mark
}
