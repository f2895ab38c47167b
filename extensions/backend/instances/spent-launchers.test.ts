import { expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { createSpentLaunchers } from './spent-launchers.ts'

const SERVER = 'serena start-mcp-server'
const client = processFact({ pid: 10, argv: ['claude'] })
const launcher = processFact({ pid: 20, ppid: 10, argv: `uvx ${SERVER}`.split(' ') })
const serena = processFact({ pid: 30, ppid: 20, argv: `python ${SERVER}`.split(' ') })
const pidsIn = (found: readonly SerenaProcess[]): number[] => found.map(({ process: { pid } }) => pid)

it('returns a launcher before it has started its Serena, not just after that has exited, and again if it stays', () => {
  const launchers = createSpentLaunchers()
  const alone = findSerenas(processTable(client, launcher))
  const both = findSerenas(processTable(client, launcher, serena))
  expect(pidsIn(launchers.without(alone, 0))).toEqual([20])
  expect(pidsIn(launchers.without(both, 1_000))).toEqual([30])
  expect(pidsIn(launchers.without(alone, 2_000))).toEqual([])
  expect(pidsIn(launchers.without(both, 20_000))).toEqual([30])
  expect(pidsIn(launchers.without(alone, 50_000))).toEqual([])
  expect(pidsIn(launchers.without(alone, 50_001))).toEqual([20])
})
