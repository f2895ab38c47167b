// Stand-ins for the benches: processes that Serena Deck detects as Serenas, in one temporary SERENA_HOME.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StandInInput } from '../extensions/backend/demo/stand-in-options.ts'
import { type StandIn, startStandIn } from '../extensions/backend/demo/start-stand-in.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'

/** Away from Serena's own ports, so that running instances of the user do not interfere. */
const BASE_PORT = 27_100
const AT_ONCE = 4

export interface StandInGroup {
  serenaHome: string
  standIns: readonly StandIn[]
  /** Starts another stand-in. */
  add(options?: StandInInput): Promise<StandIn>
  remove(standIn: StandIn): Promise<void>
  /** Returns the requests to all stand-ins since their start, by path. */
  requests(): Map<string, number>
}

/** Starts `count` idle stand-ins, each with its own project; they are stopped when the scope ends. */
export async function startStandInGroup(scope: Scope, count: number): Promise<StandInGroup> {
  const folder = await makeTempFolder(scope, 'bench')
  const serenaHome = join(folder, 'home')
  const counts = join(folder, 'requests')
  const preload = fileURLToPath(new URL('count-requests.mjs', import.meta.url))
  await mkdir(serenaHome)
  await mkdir(counts)
  const standIns: StandIn[] = []
  const everyPid: number[] = []
  let started = 0
  scope.add(async () => void (await Promise.all(standIns.map((standIn) => standIn.stop()))))

  async function add(options: StandInInput = {}): Promise<StandIn> {
    started += 1
    const path = join(folder, 'projects', `project-${started}`)
    await mkdir(path, { recursive: true })
    const standIn = await startStandIn({
      folder,
      serenaHome,
      cwd: path,
      options: { project: { name: `project-${started}`, path }, basePort: BASE_PORT + started, ...options },
      env: { SERENA_DECK_BENCH_REQUESTS: counts, NODE_OPTIONS: `--import=${preload}` },
    })
    standIns.push(standIn)
    everyPid.push(standIn.pid)
    return standIn
  }
  for (let left = count; left > 0; left -= AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, () => add()))

  return {
    serenaHome,
    standIns,
    add,
    async remove(standIn) {
      standIns.splice(standIns.indexOf(standIn), 1)
      await standIn.stop()
    },
    requests() {
      const byPath = new Map<string, number>()
      for (const file of everyPid.map((pid) => join(counts, String(pid))).filter(existsSync))
        for (const path of readFileSync(file, 'utf8').split('\n').filter(Boolean))
          byPath.set(path, (byPath.get(path) ?? 0) + 1)
      return byPath
    },
  }
}
