// Every way in which the two ends of a connection can stand.
import { expect, it } from 'vitest'
import { judgeKnownConnection, judgePrivateConnection, type Peer, type StdioEnd } from './judge-connection.ts'

const held: Peer = { kind: 'held', by: null }
const sleep: Peer = { kind: 'held', by: 'process 7 (sleep)' }
const gone: Peer = { kind: 'gone' }
const inside: Peer = { kind: 'inside' }
const hidden: Peer = { kind: 'unknown', why: 'Not readable.' }

it.each([
  [held, held, 'open'],
  [held, null, 'open'],
  [sleep, sleep, 'open'],
  [gone, gone, 'closed'],
  [gone, held, 'closed'],
  [sleep, gone, 'closed'],
  [gone, hidden, 'closed'],
  [hidden, held, 'unknown'],
  [held, hidden, 'unknown'],
  [null, null, 'not-applicable'],
  [inside, inside, 'not-applicable'],
] satisfies [Peer | null, Peer | null, string][])(
  'judges a known connection %j %j as %s',
  (stdin, stdout, end) => {
    const { clientEnd, evidence } = judgeKnownConnection(stdin, stdout)
    expect(clientEnd).toBe(end)
    expect(evidence.length).toBeGreaterThan(0)
  },
)

it('names the process that still holds an end', () => {
  expect(judgeKnownConnection(sleep, gone).evidence).toEqual([
    'No process holds the other end of its stdout.',
    'Its stdin is still held open by process 7 (sleep).',
  ])
})

const pipe = (fd: number, way: 'r' | 'w', peer: Peer): StdioEnd & { peer: Peer } => ({
  fd,
  kind: 'pipe',
  inode: String(fd),
  canRead: way === 'r',
  canWrite: way === 'w',
  peer,
})
const socket = (fd: number, peer: Peer): StdioEnd & { peer: Peer } => ({
  ...pipe(fd, 'r', peer),
  kind: 'socket',
  canWrite: true,
})
/** As a 2.1.0 with a TypeScript language server holds them: its server's three before the connection. */
const server = (peer: Peer) => [pipe(5, 'w', peer), pipe(6, 'r', peer), pipe(14, 'r', peer)]

it.each([
  ['a live client', [...server(inside), pipe(11, 'r', held), pipe(12, 'w', held)], 'open'],
  ['a gone client', [...server(inside), pipe(11, 'r', gone), pipe(12, 'w', gone)], 'closed'],
  [
    'a write end left with a sibling',
    [...server(inside), pipe(11, 'r', sleep), pipe(12, 'w', gone)],
    'closed',
  ],
  ['a dead language server', [...server(gone), pipe(11, 'r', held), pipe(12, 'w', held)], 'open'],
  [
    'two dead servers, neighbours of each other',
    [pipe(7, 'r', gone), pipe(8, 'w', gone), pipe(11, 'r', held), pipe(12, 'w', held)],
    'open',
  ],
  [
    'a dead server and a connection that is no pair',
    [pipe(7, 'r', gone), pipe(8, 'w', gone), pipe(11, 'r', held), pipe(15, 'w', held)],
    'open',
  ],
  ['only a dead language server', server(gone), 'unknown'],
  ['ends that cannot be read', [pipe(11, 'r', hidden), pipe(12, 'w', hidden)], 'unknown'],
  ['nothing', [], 'not-applicable'],
  ['only a language server', server(inside), 'not-applicable'],
  ['sockets of a live client', [socket(11, held), socket(12, held)], 'open'],
  ['sockets of a gone client', [socket(11, gone), socket(12, gone)], 'closed'],
  ['a closed stdin only', [socket(11, gone), socket(12, held)], 'closed'],
  [
    'a pair of its own beside a closed connection',
    [socket(9, held), socket(10, held), socket(12, gone), socket(13, gone)],
    'closed',
  ],
  [
    'sockets of a live client and dead servers',
    [pipe(7, 'r', gone), pipe(8, 'w', gone), socket(11, held), socket(12, held)],
    'open',
  ],
  [
    'two sockets apart, for a thread opened something between them',
    [socket(8, gone), socket(12, gone)],
    'closed',
  ],
  ['two sockets apart of a live client', [socket(8, held), socket(12, held)], 'open'],
  [
    'sockets of a live client beside a lone closed one',
    [socket(11, held), socket(12, held), socket(20, gone)],
    'open',
  ],
  [
    'a gone client whose writing end took a lower descriptor',
    [...server(inside), pipe(4, 'w', gone), pipe(10, 'r', gone)],
    'closed',
  ],
  ['one lone closed socket', [socket(20, gone)], 'unknown'],
] satisfies [string, (StdioEnd & { peer: Peer })[], string][])(
  'finds a private connection: %s',
  (_, ends, end) => {
    expect(judgePrivateConnection(ends).clientEnd).toBe(end)
  },
)
