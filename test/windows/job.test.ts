// The job of a child on Windows: what the child starts before it is in the job. Node cannot start a process suspended.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { isAlive, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { ownProcess } from './own-process.ts'

const scope = scopePerTest()

interface Started {
  holder: DrivenProgram
  /** The child in the job, its child, and the child of that. */
  chain: readonly ProcessMark[]
  /** Another child of the holder. */
  bystander: ProcessMark
}

async function startHolder(): Promise<Started> {
  const folder = await makeTempFolder(scope, 'early')
  const program = join(projectRoot, 'test', 'fixtures', 'programs', 'early-starts.mjs')
  const words = ['--import', 'tsx', program, join(folder, 'pids')]
  const holder = startDrivenProgram(scope, process.execPath, words, { cwd: projectRoot, env: process.env })
  const own = (pid: unknown): ProcessMark => ownProcess(scope, pid, holder.wrote)
  const { chain, bystander } = await holder.said((message) => 'chain' in message)
  return { holder, chain: (chain as unknown[]).map(own), bystander: own(bystander) }
}

test('a killed holder leaves nothing that its child started before it was in the job', async () => {
  const { holder, chain, bystander } = await startHolder()
  expect(chain).toHaveLength(3)
  signalProcess(holder.mark, 'SIGKILL')
  await waitUntil('the chain to exit', () => !chain.some(isAlive), { timeoutMs: 30_000 })
  expect(isAlive(bystander)).toBe(true)
})

test('after the exit of the child the rest continues', async () => {
  const { holder, chain } = await startHolder()
  holder.send({})
  await holder.said((message) => 'exited' in message)
  expect(chain.map(isAlive)).toEqual([false, true, true])
})
