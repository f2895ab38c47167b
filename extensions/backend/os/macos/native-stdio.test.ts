// Connections on a simulated Mac: clients and Serenas with real handles of pipes and sockets behind them.
import { describe, expect, it } from 'vitest'
import { processFact } from '../process-fact.fixture.ts'
import type { ProcessFact } from '../process-facts.ts'
import { createNativeFiles } from './native-files.ts'
import { createMachine, type MachineEnd, STARTED_AT_US } from './native-machine.fixture.ts'
import { createNativeReader } from './native-reader.ts'
import { createNativeStdio } from './native-stdio.ts'

const CLIENT = 40
const SERENA = 50
const SERVER = 60
const S_IFREG = 0o100000
const S_IFCHR = 0o020000

const fact = (pid: number): ProcessFact => processFact({ pid, identity: `${pid}:${STARTED_AT_US}` })

function stage() {
  const mac = createMachine()
  const { start, open, makePair, calls } = mac
  start({ pid: CLIENT, name: 'codex' })
  start({ pid: SERENA, ppid: CLIENT, name: 'Python' })
  const reader = createNativeReader(calls)
  const clock = { nowMs: 0, identityReads: 0, onIdentity: (_reads: number): void => undefined }
  const stdio = createNativeStdio({
    reader,
    files: createNativeFiles(calls),
    identityOf: (pid) => {
      clock.onIdentity(++clock.identityReads)
      const found = reader.process(pid)
      return typeof found === 'string' ? null : `${pid}:${found.startedAtUs}`
    },
    now: () => clock.nowMs,
  })

  /** Serena reads on `input` and writes on `output`; the client has the other ends on 20 and 21. */
  function connect(kind: 'pipe' | 'socket', [input, output]: readonly [number, number]): MachineEnd[] {
    const isPrivate = input > 2
    const [read, write] = makePair(kind)
    const [theirRead, ourWrite] = makePair(kind)
    open(SERENA, input, { end: read, isPrivate })
    open(SERENA, output, { end: ourWrite, isPrivate })
    open(CLIENT, 20, { end: write, isPrivate: true })
    open(CLIENT, 21, { end: theirRead, isPrivate: true })
    return [read, write, theirRead, ourWrite]
  }

  /** As mcp 2.x leaves them. */
  function moveStandard(): void {
    for (const fd of [0, 1, 2])
      open(SERENA, fd, {
        file: fd === 0 ? '/dev/null' : '/tmp/err',
        format: fd === 0 ? S_IFCHR : S_IFREG,
        isPrivate: false,
      })
  }

  /** A language server with pipes to Serena on its descriptors 7 and 8. */
  function startServer(pid = SERVER, [output, input] = [7, 8]): void {
    start({ pid, ppid: SERENA, name: 'gopls' })
    const [theirStdin, ours] = makePair('pipe')
    const [ourRead, theirStdout] = makePair('pipe')
    open(pid, 0, { end: theirStdin, isPrivate: false })
    open(pid, 1, { end: theirStdout, isPrivate: false })
    open(SERENA, output ?? 7, { end: ours, isPrivate: true })
    open(SERENA, input ?? 8, { end: ourRead, isPrivate: true })
  }

  const read = (...tree: number[]) => stdio.read(fact(SERENA), [SERENA, ...tree].map(fact))
  return {
    ...mac,
    clock,
    connect,
    moveStandard,
    startServer,
    read,
    hasLostReader: () => stdio.hasLostReader(fact(SERENA)),
  }
}

describe.each(['pipe', 'socket'] as const)('a connection over a %s on descriptors 0 and 1', (kind) => {
  it('is open while the client reads, and certainly closed when it has exited', async () => {
    const { connect, read, end, start } = stage()
    connect(kind, [0, 1])
    expect(await read()).toEqual({
      clientEnd: 'open',
      isProven: true,
      holder: {
        pid: CLIENT,
        identity: `${CLIENT}:${STARTED_AT_US}`,
        name: 'codex',
        isAncestor: true,
        hasBothEnds: true,
      },
      launchers: [],
      evidence: ['Its stdout is read by process 40 (codex).'],
    })
    end(CLIENT)
    start({ pid: SERENA, ppid: 1, name: 'Python' })
    expect(await read()).toEqual({
      clientEnd: 'closed',
      isProven: true,
      holder: null,
      launchers: [],
      evidence: ['No process holds the other end of its stdio connection.'],
    })
  })

  it('is closed while a sibling still holds its input', async () => {
    const { connect, read, end, start, open } = stage()
    const [, write] = connect(kind, [0, 1])
    start({ pid: 41, name: 'sleep' })
    if (write) open(41, 20, { end: write, isPrivate: false })
    end(CLIENT)
    expect(await read()).toMatchObject({
      clientEnd: 'closed',
      evidence: ['No process reads its stdout.', 'Its stdin is still held open by process 41 (sleep).'],
    })
  })

  it('is open for a reader that is not visible', async () => {
    const { connect, read, start } = stage()
    start({ pid: CLIENT, uid: 502, name: 'codex' })
    connect(kind, [0, 1])
    expect(await read()).toMatchObject({
      clientEnd: 'open',
      isProven: true,
      holder: null,
      evidence: ['Its stdout has a reader, which is not visible from here.'],
    })
  })

  it('has an input without a writer while its output is read', async () => {
    const { connect, read, close } = stage()
    const [input] = connect(kind, [0, 1])
    if (kind === 'socket' && input) input.isShut = true
    else close(CLIENT, 20)
    expect(await read()).toMatchObject({ clientEnd: 'open', isInputClosed: true, holder: { pid: CLIENT } })
  })
})

it('finds a client that is no ancestor', async () => {
  const { connect, read, start } = stage()
  connect('pipe', [0, 1])
  start({ pid: SERENA, ppid: 1, name: 'Python' })
  expect(await read()).toMatchObject({ clientEnd: 'open', holder: { pid: CLIENT, isAncestor: false } })
})

it('knows a launcher by the ends that it shares', async () => {
  const { connect, read, start, open } = stage()
  const [input, , , output] = connect('pipe', [0, 1])
  start({ pid: 45, ppid: CLIENT, name: 'uv' })
  start({ pid: SERENA, ppid: 45, name: 'Python' })
  if (input) open(45, 0, { end: input, isPrivate: false })
  if (output) open(45, 1, { end: output, isPrivate: false })
  expect(await read(45)).toMatchObject({
    clientEnd: 'open',
    launchers: [`45:${STARTED_AT_US}`],
    holder: { pid: CLIENT },
  })
})

describe.each(['pipe', 'socket'] as const)('a connection over a %s on private descriptors', (kind) => {
  it('is known by the client that reads it, and closed when that has exited', async () => {
    const { connect, moveStandard, startServer, read, end, start, hasLostReader } = stage()
    moveStandard()
    startServer()
    connect(kind, [11, 12])
    expect(hasLostReader()).toBe(false)
    expect(await read(SERVER)).toMatchObject({
      clientEnd: 'open',
      isProven: true,
      holder: { pid: CLIENT, hasBothEnds: true },
    })
    expect(hasLostReader()).toBe(false)
    end(CLIENT)
    end(SERVER)
    start({ pid: SERENA, ppid: 1, name: 'Python' })
    expect(hasLostReader()).toBe(true)
    expect(await read()).toMatchObject({ clientEnd: 'closed', isProven: true })
  })

  it('is closed when it is first seen after the client has exited', async () => {
    const { connect, moveStandard, startServer, read, end } = stage()
    moveStandard()
    startServer()
    connect(kind, [11, 12])
    end(CLIENT)
    expect(await read(SERVER)).toMatchObject({
      clientEnd: 'closed',
      isProven: true,
      evidence: ['No process reads its output.'],
    })
  })

  it('is unknown beside a language server that has exited, while its client is not visible', async () => {
    const { connect, moveStandard, startServer, read, start, end } = stage()
    start({ pid: CLIENT, uid: 502, name: 'codex' })
    moveStandard()
    startServer()
    connect(kind, [11, 12])
    end(SERVER)
    expect(await read()).toMatchObject({ clientEnd: 'unknown' })
  })
})

it('does not take a language server’s pipes for the connection', async () => {
  const { moveStandard, startServer, read } = stage()
  moveStandard()
  startServer()
  expect(await read(SERVER)).toMatchObject({ clientEnd: 'unknown' })
})

describe('what cannot be read is not closed', () => {
  it('when the descriptors are hidden', async () => {
    const { connect, start, read } = stage()
    connect('pipe', [0, 1])
    start({ pid: SERENA, ppid: CLIENT, uid: 502 })
    expect(await read()).toMatchObject({
      clientEnd: 'unknown',
      evidence: ['The descriptors of process 50 cannot be read.'],
    })
  })

  it('when one descriptor is hidden that may be the output', async () => {
    const { connect, moveStandard, startServer, read, end, open } = stage()
    moveStandard()
    startServer()
    connect('pipe', [11, 12])
    end(CLIENT)
    open(SERENA, 13, { socket: 'a hidden one' })
    expect(await read(SERVER)).toMatchObject({ clientEnd: 'unknown' })
  })

  it('when descriptor 1 is hidden', async () => {
    const { connect, read, end, open } = stage()
    connect('pipe', [0, 1])
    end(CLIENT)
    open(SERENA, 1, { socket: 'a hidden one' })
    expect(await read()).toMatchObject({ clientEnd: 'unknown' })
  })

  it('when another process has the pid', async () => {
    const { connect, read, end, start } = stage()
    connect('pipe', [0, 1])
    end(CLIENT)
    start({ pid: SERENA, startedAtUs: STARTED_AT_US + 1 })
    expect(await read()).toMatchObject({ clientEnd: 'unknown' })
  })

  it('when the process exits while it is read', async () => {
    const { connect, read, end, clock } = stage()
    connect('pipe', [0, 1])
    end(CLIENT)
    clock.onIdentity = (reads) => {
      if (reads === 2) end(SERENA)
    }
    expect(await read()).toMatchObject({
      clientEnd: 'unknown',
      evidence: ['Process 50 exited while it was read.'],
    })
  })

  it('when it is a terminal', async () => {
    const { open, read } = stage()
    for (const fd of [0, 1]) open(SERENA, fd, { file: '/dev/ttys003', format: S_IFCHR, isPrivate: false })
    expect(await read()).toEqual({
      clientEnd: 'not-applicable',
      evidence: ['Its stdin is /dev/ttys003, which is not a pipe or a socket.'],
    })
  })
})
