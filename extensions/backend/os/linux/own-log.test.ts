// The log that marks a Serena, with real processes and files. Skipped elsewhere than on Linux.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createProcessList } from './process-list.ts'

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const DAY = '2026-11-29'
const NAME = 'mcp_20261129-101500'

/** A folder `logs/<day>` of a fresh SERENA_HOME. */
function makeLogFolder(day = DAY): { home: string; folder: string } {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'serena-deck-own-log-')))
  folders.push(home)
  const folder = join(home, 'logs', day)
  mkdirSync(folder, { recursive: true })
  return { home, folder }
}

/** Runs a script of a shell that says a line when it is ready, the pid of the process that matters in it. */
async function run(script: string, env: NodeJS.ProcessEnv = {}, runner: string[] = []): Promise<number> {
  const [program = 'sh', ...args] = [...runner, 'sh', '-c', script]
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  })
  children.push(child)
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()))
  })
  return Number(line.trim()) || (child.pid ?? 0)
}

const logOf = async (pid: number): Promise<string | undefined> =>
  (await createProcessList().list()).byPid.get(pid)?.serenaLog

describe.runIf(process.platform === 'linux')('the log of a Serena', () => {
  it('marks a process of any name that writes the log with its own pid', async () => {
    const { folder } = makeLogFolder()
    const pid = await run(`exec 7>'${folder}/${NAME}_'$$.txt; echo $$; read line`)
    expect(await logOf(pid)).toBe(`${folder}/${NAME}_${pid}.txt`)
  })

  it('marks it after its log was removed', async () => {
    const { folder } = makeLogFolder()
    const pid = await run(`exec 7>'${folder}/${NAME}_'$$.txt; rm '${folder}/'*; echo $$; read line`)
    expect(await logOf(pid)).toBe(`${folder}/${NAME}_${pid}.txt`)
  })

  it.each([
    ['reads that log', (file: string) => `: >'${file}'$$.txt; exec 7<'${file}'$$.txt; echo $$; read line`],
    ['writes the log of another process', (file: string) => `exec 7>'${file}1.txt'; echo $$; read line`],
    ['inherited it', (file: string) => `exec 7>'${file}'$$.txt; sh -c 'echo $$; read line'; :`],
    [
      'writes a log of a tool',
      (file: string) => `exec 7>'${file.replace('mcp_', 'tool_')}'$$.txt; echo $$; read line`,
    ],
  ])('does not mark a process that %s', async (_, script) => {
    const { folder } = makeLogFolder()
    const pid = await run(script(`${folder}/${NAME}_`))
    expect(await logOf(pid)).toBeUndefined()
  })

  it('takes a name that is written differently only below the SERENA_HOME of the process', async () => {
    const { home, folder } = makeLogFolder('today')
    const script = `exec 7>'${folder}/mcp_x_'$$.txt; echo $$; read line`
    expect(await logOf(await run(script))).toBeUndefined()
    const pid = await run(script, { SERENA_HOME: ` ${home} ` })
    expect(await logOf(pid)).toBe(`${folder}/mcp_x_${pid}.txt`)
  })

  it('knows a 0.1.x, which writes its pid into the log', async () => {
    const { folder } = makeLogFolder()
    const head =
      'INFO  2026-11-29 10:15:00,000 [MainThread] - Starting Serena server (version=0.1.4, process id='
    const script = (pid: string) =>
      `exec 7>'${folder}/${NAME}.txt'; echo "${head}${pid}, parent process id=1)" >&7; echo $$; read line`
    expect(await logOf(await run(script('$$')))).toBe(`${folder}/${NAME}.txt`)
    expect(await logOf(await run(script('1')))).toBeUndefined()
  })

  it('sees a log that is opened later, and that it was closed by an exec', async () => {
    const { folder } = makeLogFolder()
    let atMs = Date.now()
    const processes = createProcessList(() => atMs)
    const pid = await run(
      `echo $$; read line; exec 7>'${folder}/${NAME}_'$$.txt; echo open; read line; exec 7>&-; exec sleep 60`,
    )
    const child = children.at(-1)
    const present = async () => (await processes.list()).byPid.get(pid)
    expect((await present())?.serenaLog).toBeUndefined()
    child?.stdin?.write('\n')
    await vi.waitFor(async () => {
      atMs += 60_000
      expect((await present())?.serenaLog).toBe(`${folder}/${NAME}_${pid}.txt`)
    })
    child?.stdin?.write('\n')
    await vi.waitFor(async () => {
      atMs += 60_000
      expect(await present()).toMatchObject({ name: 'sleep' })
    })
    expect((await present())?.serenaLog).toBeUndefined()
  })

  it('compares the pid inside another pid namespace', async ({ skip }) => {
    const { folder } = makeLogFolder()
    const runner = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
    const probe = spawn(runner[0] ?? '', [...runner.slice(1), 'true'])
    const code = await new Promise((resolve) => probe.once('close', resolve))
    if (code !== 0) skip('unshare is not permitted here')
    await run(`exec 7>'${folder}/${NAME}_'$$.txt; echo ready; read line`, {}, runner)
    const marked = [...(await createProcessList().list()).byPid.values()].filter(({ serenaLog }) =>
      serenaLog?.startsWith(folder),
    )
    expect(marked.map(({ serenaLog, pid }) => [serenaLog, pid > 1])).toEqual([
      [`${folder}/${NAME}_1.txt`, true],
    ])
  })
})
