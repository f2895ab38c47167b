// The demo: stand-ins in a temporary SERENA_HOME and one dead entry; nothing of the user's own.
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOwnChild } from '../os/own-child.ts'
import { type DemoMember, planDemo } from './demo-plan.ts'
import { type StandIn, startStandIn } from './start-stand-in.ts'

export interface Demo {
  serenaHome: string
  /** For SERENA_DECK_STATE. */
  stateFolder: string
  standIns: readonly StandIn[]
  /** Ends all stand-ins and removes the temporary folder. */
  stop(): Promise<void>
}

/** Stand-ins that are started at the same time: each is a Node process. */
const AT_ONCE = 6

async function startMember(root: string, serenaHome: string, member: DemoMember): Promise<StandIn> {
  const folderOf = async (name: string): Promise<string> => {
    const path = join(root, 'projects', name)
    await mkdir(join(path, '.serena'), { recursive: true })
    await writeFile(join(path, '.serena', 'project.yml'), `project_name: ${JSON.stringify(name)}\n`)
    return path
  }
  const project =
    member.project === null ? null : { name: member.project, path: await folderOf(member.project) }
  return startStandIn({
    folder: root,
    serenaHome,
    options: { ...member.options, project },
    args: ['--context', member.context, ...(project ? ['--project', project.path] : [])],
    cwd: project?.path ?? root,
  })
}

/** Returns the pid of no process: of a child that has just exited. */
async function endedPid(cwd: string): Promise<number> {
  const child = await startOwnChild(process.execPath, ['--version'], { cwd, env: process.env })
  await child.stop()
  return child.pid
}

/** A registry entry in the shape another dashboard writes, of a Serena that has exited. */
async function writeDeadEntry(serenaHome: string, pid: number): Promise<void> {
  const hoursAgo = Date.now() / 1000 - 3 * 3600
  const entry = {
    pid,
    port: 24299,
    started_at: hoursAgo,
    last_heartbeat: hoursAgo + 240,
    context: 'claude-code',
    modes: ['interactive', 'editing'],
    project_name: 'forgotten',
    project_root: '/srv/forgotten',
    state: 'live_with_project',
    zombie_detected_at: null,
  }
  const document = {
    instances: { [pid]: entry },
    lifecycle_events: [],
    global_dashboard_pid: null,
    global_dashboard_port: null,
  }
  const file = join(serenaHome, 'instances.json')
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`)
  // As old as its entry: a file that was written just now is not changed.
  await utimes(file, entry.last_heartbeat, entry.last_heartbeat)
}

/** Starts live, idle, hung and starting stand-ins and one dead entry; `count`: that many live and idle ones instead. */
export async function startDemo(count: number | null = null): Promise<Demo> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'serena-deck-demo-')))
  const serenaHome = join(root, 'serena-home')
  const stateFolder = join(root, 'state')
  await mkdir(serenaHome, { recursive: true })
  await mkdir(stateFolder, { recursive: true, mode: 0o700 })

  const standIns: StandIn[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(standIns.map((standIn) => standIn.stop()))
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const members = planDemo(count)
    for (let next = 0; next < members.length; next += AT_ONCE) {
      const batch = members.slice(next, next + AT_ONCE)
      const started = await Promise.allSettled(batch.map((member) => startMember(root, serenaHome, member)))
      for (const result of started) if (result.status === 'fulfilled') standIns.push(result.value)
      for (const result of started) if (result.status === 'rejected') throw result.reason
    }
    if (count === null) await writeDeadEntry(serenaHome, await endedPid(root))
  } catch (error) {
    await stop()
    throw error
  }
  return { serenaHome, stateFolder, standIns, stop }
}
