// Serenas of other users, in containers, or with an unreadable process: shown as unknown, never as dead.
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type InstanceList, instanceListSchema } from '#contract/instance'
import { cliProgram } from '../helpers/backend.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import {
  asOtherUser,
  inNetworkOf,
  inOwnNetwork,
  inOwnPids,
  NOBODY,
  whyNoIsolation,
} from '../helpers/other-side.ts'
import { markTree, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const why = whyNoIsolation()
const run = promisify(execFile)

/** A folder that the user nobody can write to. */
async function openFolder(name: string): Promise<string> {
  const folder = await makeTempFolder(scope, name)
  await chmod(folder, 0o777)
  return folder
}

/** Starts the demo with the isolation commands `words`; resolves when its stand-ins answer. */
async function startDemo(words: readonly string[]): Promise<DrivenProgram> {
  const folder = await openFolder('demo')
  const [file = '', ...args] = [...words, process.execPath, cliProgram, 'demo', '--json', '--instances', '2']
  const demo = startDrivenProgram(scope, file, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder },
  })
  // The isolating program may not forward the signal.
  scope.add(() => markTree(demo.mark.pid).forEach((mark) => void signalProcess(mark, 'SIGTERM')))
  await demo.said((message) => message['schema'] === 1, 30_000)
  return demo
}

/** Runs `list --json` in isolation: everything visible from there. */
async function listFrom(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<InstanceList> {
  const folder = await openFolder('state')
  const [file = '', ...args] = [...words, process.execPath, cliProgram, 'list', '--json']
  const { stdout } = await run(file, args, {
    env: { PATH: process.env['PATH'], HOME: folder, SERENA_DECK_STATE: folder, ...env },
    cwd: folder,
  })
  return instanceListSchema.parse(JSON.parse(stdout))
}

const standInsOf = (demo: DrivenProgram): number[] =>
  markTree(demo.mark.pid)
    .map(({ pid }) => pid)
    .slice(1)

describe.skipIf(why !== null)(`isolated processes${why === null ? '' : ` (skipped: ${why})`}`, () => {
  test('an unprivileged backend shows instances of root as unknown, each port once', async () => {
    const demo = await startDemo(inOwnNetwork)
    const { instances } = await listFrom([...inNetworkOf(demo.mark.pid), ...asOtherUser])
    const seen = instances.filter(({ pid }) => pid !== null && standInsOf(demo).includes(pid))
    expect(seen).toHaveLength(2)
    for (const instance of seen) {
      expect(instance).toMatchObject({ state: 'unknown', colour: 'grey', verdict: { certainty: 'unknown' } })
      expect(instance.verdict.evidence[0]).toContain('another user (uid 0)')
    }
    expect(instances.filter(({ pid }) => pid === null)).toEqual([])
  })

  test('a backend of root shows instances of another user as unknown', async () => {
    const demo = await startDemo([...inOwnNetwork, ...asOtherUser])
    const { instances } = await listFrom(inNetworkOf(demo.mark.pid))
    const seen = instances.filter(({ pid }) => pid !== null && standInsOf(demo).includes(pid))
    expect(seen).toHaveLength(2)
    for (const instance of seen) {
      expect(instance.state).toBe('unknown')
      expect(instance.verdict.evidence[0]).toContain(`another user (uid ${NOBODY})`)
    }
  })

  test('shows a Serena by its port when no process is visible', async () => {
    const demo = await startDemo(inOwnNetwork)
    const { instances } = await listFrom([...inNetworkOf(demo.mark.pid), ...inOwnPids, ...asOtherUser])
    expect(instances).toHaveLength(2)
    for (const instance of instances) expect(instance).toMatchObject({ pid: null, state: 'unknown' })
    // Either of the two may have taken either port.
    expect(instances.map(({ title }) => title).join()).toMatch(
      /^:24282 - shop-(api|web),:24283 - shop-(api|web)$/,
    )
    expect(instances[0]?.verdict.evidence[0]).toContain('its process cannot be read')
  })

  test('works without IPv6', async () => {
    const noIpv6 = 'ip link set lo up && echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 && exec "$@"'
    const demo = await startDemo(['unshare', '--net', '--mount', 'sh', '-c', noIpv6, 'sh'])
    const { instances } = await listFrom(inNetworkOf(demo.mark.pid))
    const seen = instances.filter(({ pid }) => pid !== null && standInsOf(demo).includes(pid))
    expect(seen.map(({ state }) => state)).toEqual(['live', 'live'])
  })

  test('judges a Serena in its own pid namespace, and never reports its entry as dead', async () => {
    const demo = await startDemo([...inOwnNetwork, ...inOwnPids])
    const { instances } = await listFrom(inNetworkOf(demo.mark.pid))
    const seen = instances.filter(({ pid }) => pid !== null && standInsOf(demo).includes(pid))
    expect(seen.map(({ state }) => state)).toEqual(['live', 'live'])
    // The pids inside the container are small numbers, which belong to other processes outside.
    const status = await readFile(`/proc/${seen[0]?.pid}/status`, 'utf8')
    const inner = Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1])
    expect(inner).toBeLessThan(seen[0]?.pid ?? 0)
    const home = join(await openFolder('home'), 'shared')
    await mkdir(home)
    const entry = (pid: number) => ({ pid, port: 24_282, started_at: new Date(0).toISOString() })
    await writeFile(
      join(home, 'instances.json'),
      JSON.stringify({ inside: entry(inner), gone: entry(4_194_000) }),
    )
    const shared = await listFrom([], { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home })
    expect(shared.instances.map(({ pid, state }) => ({ pid, state }))).toEqual([
      { pid: inner, state: 'unknown' },
      { pid: 4_194_000, state: 'dead' },
    ])
  })
})
