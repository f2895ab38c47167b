// When facts of an instance at rest are used again, and when they are read.
import { expect, it } from 'vitest'
import { createReadState } from './read-state.ts'

const HOUR_MS = 3_600_000
const serena = {
  identity: 'boot:7:1',
  pid: 7,
  name: 'serena',
  argv: ['serena'],
  runState: 'S',
}

function readState() {
  let nowMs = 0
  const state = createReadState(() => nowMs)
  return {
    ...state,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

it('reads what was never read', () => {
  expect(readState().isFresh(serena, HOUR_MS, true)).toBe(false)
})

it('uses facts for a minute while the dashboard answers', () => {
  const state = readState()
  state.noteRead(serena)
  state.pass(59_000)
  expect(state.isFresh(serena, HOUR_MS, true)).toBe(true)
  state.pass(1_000)
  expect(state.isFresh(serena, HOUR_MS, true)).toBe(false)
})

it('reads at once when the dashboard missed a probe, and while the process is young', () => {
  const state = readState()
  state.noteRead(serena)
  expect(state.isFresh(serena, HOUR_MS, false)).toBe(false)
  expect(state.isFresh(serena, 59_000, true)).toBe(false)
})

it.each([
  ['another process', { identity: 'boot:7:2' }],
  ['another program', { name: 'bash' }],
  ['another command line', { argv: ['serena', 'start-mcp-server'] }],
  ['a stopped process', { runState: 'T' }],
  ['a traced process', { runState: 't' }],
])('reads %s', (_, change) => {
  const state = readState()
  state.noteRead(serena)
  expect(state.isFresh({ ...serena, ...change }, HOUR_MS, true)).toBe(false)
})
