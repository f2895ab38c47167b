// The stdio connection on a Mac by what lsof would print: texts written by hand after lsof's own Darwin source, never seen on a Mac.
import { expect, it } from 'vitest'
import { processFact } from '../process-fact.fixture.ts'
import type { ProcessFact } from '../process-facts.ts'
import { createOpenFilesLookup } from './open-files.ts'
import { createMacosStdio } from './stdio-connection.ts'

const fact = (pid: number, ppid: number) => processFact({ pid, ppid, sid: null, uid: 501, argv: ['python3'] })
const end = (fd: number, type: string, handle: string, name: string): string =>
  [`f${fd}`, `t${type}`, `d${handle}`, `n${name}`].join('\n')
const holds = (pid: number, ...ends: string[]): string =>
  [`p${pid}`, 'fcwd', 'tDIR', 'n/', ...ends].join('\n')
const NOWHERE = 'f0\ntCHR\nn/dev/null'

/** What is said of process 50, and how often lsof was run. */
async function connectionOf(text: string, tree: readonly ProcessFact[] = []) {
  let runs = 0
  const openFiles = createOpenFilesLookup({
    ownUid: 501,
    now: () => 0,
    lsof: () => {
      runs += 1
      return Promise.resolve({ stdout: text, stderr: '', exitCode: 0, pid: 9 })
    },
  })
  const serena = tree.find(({ pid }) => pid === 50) ?? fact(50, 1)
  const connection = await createMacosStdio(openFiles)(serena, [
    serena,
    ...tree.filter((one) => one !== serena),
  ])
  return { ...connection, runs }
}

it.each([
  [
    'sockets, the client gone',
    [end(0, 'unix', '0xa', '->(none)'), end(1, 'unix', '0xb', '->(none)')],
    'closed',
  ],
  ['sockets, the client there', [end(0, 'unix', '0xa', '->0x1'), end(1, 'unix', '0xb', '->0x2')], 'open'],
  ['pipes, the client gone', [end(0, 'PIPE', '0xa', ''), end(1, 'PIPE', '0xb', ', cnt=3')], 'closed'],
  ['pipes, a sibling holds one', [end(0, 'PIPE', '0xa', '->0x1'), end(1, 'PIPE', '0xb', '')], 'closed'],
  ['a terminal', ['f0\ntCHR\nn/dev/ttys003'], 'not-applicable'],
  ['an end that was not read', ['f0\ntPIPE\nncan’t read', 'f1\ntPIPE\nncan’t read'], 'unknown'],
  [
    'mcp 2.x over sockets, gone',
    [NOWHERE, end(6, 'unix', '0xa', '->(none)'), end(7, 'unix', '0xb', '->(none)')],
    'closed',
  ],
  [
    'mcp 2.x over sockets, there',
    [NOWHERE, end(6, 'unix', '0xa', '->0x1'), end(7, 'unix', '0xb', '->0x2')],
    'open',
  ],
  ['mcp 2.x over pipes', [NOWHERE, end(6, 'PIPE', '0xa', ''), end(7, 'PIPE', '0xb', '')], 'unknown'],
  ['only its own pair', [NOWHERE, end(6, 'unix', '0xa', '->0xb'), end(7, 'unix', '0xb', '->0xa')], 'unknown'],
] as const)('%s', async (_, ends, clientEnd) => {
  expect(await connectionOf(holds(50, ...ends))).toMatchObject({ clientEnd, runs: 1 })
})

it('a descriptor that a language server holds is no connection', async () => {
  const tree = [fact(50, 1), fact(51, 50)]
  const text = [
    holds(50, NOWHERE, end(6, 'unix', '0xa', '->0x1'), end(7, 'unix', '0xb', '->0x2')),
    holds(51, end(0, 'unix', '0x1', '->0xa'), end(1, 'unix', '0x2', '->0xb')),
  ].join('\n')
  expect(await connectionOf(text, tree)).toMatchObject({ clientEnd: 'unknown' })
})

it('is read only where the parent is launchd, launchers aside', async () => {
  const gone = holds(50, end(0, 'unix', '0xa', '->(none)'), end(1, 'unix', '0xb', '->(none)'))
  expect(await connectionOf(gone, [fact(50, 40)])).toMatchObject({ clientEnd: 'unknown', runs: 0 })
  expect(await connectionOf(gone, [fact(50, 40), fact(40, 30)])).toMatchObject({
    clientEnd: 'unknown',
    runs: 0,
  })
  expect(await connectionOf(gone, [fact(50, 40), fact(40, 1)])).toMatchObject({
    clientEnd: 'closed',
    runs: 1,
  })
})

it('is unknown where lsof lists nothing of it', async () => {
  expect(await connectionOf('')).toMatchObject({
    clientEnd: 'unknown',
    evidence: ['The descriptors of process 50 cannot be read.'],
  })
})
