// Sandboxes of this user, and containers of runtimes.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { containersIn, isMapOfOne, isOtherContainer, readPidPlace } from './pid-namespace.ts'

const ID = '3f4e5d6c7b8a99887766554433221100ffeeddccbbaa99887766554433221100'

describe('containersIn', () => {
  it.each([
    [`0::/system.slice/docker-${ID}.scope`, `/system.slice/docker-${ID}.scope`],
    [`4:memory:/docker/${ID}/sub`, `/docker/${ID}`],
    ['0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope', '/kubepods.slice/kubepods-pod1.slice'],
    [`0::/machine.slice/libpod-${ID}.scope/container`, `/machine.slice/libpod-${ID}.scope`],
    ['0::/lxc.payload.web/init.scope', '/lxc.payload.web'],
    ['1:cpu:/lxc/web', '/lxc/web'],
    [`0::/default/${ID}`, `/default/${ID}`],
    [`0::/../docker-${ID}.scope`, `/../docker-${ID}.scope`],
  ])('%s', (line, path) => {
    expect([...containersIn(`9:name=systemd:/\n${line}\n`)]).toEqual([path])
  })

  it.each([
    '0::/',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.gnome.Builder-42.scope',
    '0::/user.slice/user-1000.slice/session-3.scope',
    '4:memory:/process_api/ace3df94484d9c2bf11c890503acefae',
    'not a line',
  ])('%s is none', (line) => {
    expect([...containersIn(line)]).toEqual([])
  })
})

describe('isOtherContainer', () => {
  const docker = `0::/system.slice/docker-${ID}.scope\n`
  const rootless = `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope\n`

  it('is one of a runtime that we are not in', () => {
    expect(isOtherContainer(docker, '0::/\n', 0)).toBe(true)
    expect(isOtherContainer(docker, '0::/\n', 1000)).toBe(true)
    expect(isOtherContainer(docker, docker, 0)).toBe(false)
    expect(isOtherContainer('0::/\n', '0::/\n', 0)).toBe(false)
  })

  it('is not one that runs without root for this very user', () => {
    expect(isOtherContainer(rootless, '0::/\n', 1000)).toBe(false)
    expect(isOtherContainer(rootless, '0::/\n', 1001)).toBe(true)
    expect(isOtherContainer(rootless, '0::/\n', 0)).toBe(true)
  })
})

describe('isMapOfOne', () => {
  it.each([
    ['         0          0          1\n', true],
    ['      1000          0          1\n', true],
    ['         0          0 4294967295\n', false],
    ['         0       1000          1\n', false],
    ['0 0 1\n1 100000 65536\n', false],
    ['', false],
  ])('%j: %s', (text, isOne) => {
    expect(isMapOfOne(text, 0)).toBe(isOne)
  })
})

/** A group of a container's name that processes can be put into; null: it may not be made here. */
function makeContainerGroup(): string | null {
  for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/pids']) {
    const folder = `${root}/docker-${randomBytes(32).toString('hex')}.scope`
    try {
      mkdirSync(folder)
      if (existsSync(`${folder}/cgroup.procs`)) return folder
      rmdirSync(folder)
    } catch {
      // Not ours to change: the test says that it is skipped.
    }
  }
  return null
}

/** Runs `script` in a pid namespace of its own; resolves to the pid that it has here, null where that is not permitted. */
async function startInside(script: string, more: readonly string[] = []): Promise<number | null> {
  const child = spawn('unshare', [...more, '--pid', '--fork', '--kill-child', 'sh', '-c', script])
  children.push(child)
  const isReady = await new Promise<boolean>((resolve) => {
    child.stdout.once('data', () => resolve(true))
    child.once('close', () => resolve(false))
  })
  return isReady ? Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')) : null
}

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  }
})

describe.runIf(process.platform === 'linux')('readPidPlace', () => {
  it('finds us in our own namespace, and proves nothing of a pid without a process', () => {
    expect(readPidPlace(process.pid)).toEqual({ isForeign: false, inner: null })
    expect(readPidPlace(2 ** 22 + 1)).toEqual({ isForeign: null, inner: null })
  })

  it.for([
    ['as it is', []],
    ['with a user namespace of its own', ['--user', '--map-root-user']],
  ] as const)('takes a sandbox of ours, %s, for no foreign namespace', async ([, more], { skip }) => {
    const inside = await startInside('echo; read line', more)
    if (inside === null) return skip('unshare is not permitted here')
    expect(readPidPlace(inside)).toMatchObject({ isForeign: false, inner: { pid: 1 } })
  })

  it('takes a container of a runtime for a foreign one, though its root is root here', async ({ skip }) => {
    const group = makeContainerGroup()
    if (group === null) return skip('control groups may not be made here')
    try {
      const inside = await startInside('echo; read line')
      if (inside === null) return skip('unshare is not permitted here')
      writeFileSync(`${group}/cgroup.procs`, String(inside))
      expect(readPidPlace(inside)).toEqual({ isForeign: true, inner: null })
      writeFileSync(`${dirname(group)}/cgroup.procs`, String(inside))
    } finally {
      rmdirSync(group)
    }
  })
})
