// The kernel's answers, on real pipes, sockets and processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, readdirSync, readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { loadKernel } from './kernel.ts'

const { kernel, problem } = loadKernel()

const inodeOf = (pid: number, fd: number): string =>
  /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''

describe.skipIf(process.platform !== 'linux')('the kernel', () => {
  if (kernel === null) {
    it('has native calls', () => expect.fail(problem))
    return
  }

  it('reports whether a pipe has a reader and a writer, and leaves no descriptor open', async () => {
    const script = `import os, sys
r, w = os.pipe()
r2, w2 = os.pipe()
print(w, r2, flush=True)
sys.stdin.readline()
os.close(r); os.close(w2)
print('closed', flush=True)
sys.stdin.readline()`
    const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    const pid = child.pid ?? 0
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const line = async (): Promise<string> => String((await lines.next()).value)
    const [writing = 0, reading = 0] = (await line()).split(' ').map(Number)
    const before = readdirSync('/proc/self/fd').length
    expect([
      kernel.pipeReader(pid, writing, inodeOf(pid, writing)),
      kernel.pipeWriter(pid, reading, inodeOf(pid, reading)),
    ]).toEqual(['open', 'open'])
    child.stdin.write('\n')
    await line()
    expect([
      kernel.pipeReader(pid, writing, inodeOf(pid, writing)),
      kernel.pipeWriter(pid, reading, inodeOf(pid, reading)),
    ]).toEqual(['closed', 'closed'])
    expect(kernel.pipeReader(pid, 999, '1')).toBe('unknown')
    expect(kernel.pipeReader(pid, writing, '1')).toBe('unknown')
    expect(readdirSync('/proc/self/fd')).toHaveLength(before)
    child.stdin.end('\n')
    await once(child, 'exit')
  })

  it('reports the other end of a unix socket, and that it is closed', async () => {
    const child = spawn('sleep', ['30'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await once(child, 'spawn')
    const inode = inodeOf(child.pid ?? 0, 0)
    const peer = kernel.socketPeer(inode)
    const own = readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)]
      } catch {
        // The descriptor of the listing itself.
        return []
      }
    })
    expect(own).toContain(`socket:[${peer}]`)
    expect(kernel.socketCreator(child.pid ?? 0, 0)).toBe(process.pid)
    expect(kernel.socketCreator(child.pid ?? 0, 1)).toBeNull()
    child.stdin.destroy()
    await expect.poll(() => kernel.socketPeer(inode)).toBe('0')
    expect(kernel.socketPeer('1')).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  it('signals the process that was opened, and no other one after its end', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' })
    await once(child, 'spawn')
    const pidfd = kernel.openProcess(child.pid ?? 0)
    if (pidfd === null) throw new Error('no pidfd')
    expect(kernel.signalProcess(pidfd, 'SIGTERM')).toBe('sent')
    await once(child, 'exit')
    expect(kernel.signalProcess(pidfd, 'SIGTERM')).toBe('gone')
    closeSync(pidfd)
    expect(kernel.openProcess(0x3f_ffff)).toBeNull()
  })
})
