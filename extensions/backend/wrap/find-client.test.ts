// Who above us is the client.
import { expect, it } from 'vitest'
import { fact } from '../clients/owner.fixture.ts'
import { processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { isReaper } from '../os/reaper.ts'
import { isRunner } from '../serena/command-line.ts'
import { findClient } from './find-client.ts'

/** Command lines from ourselves (pid 50) upwards, words separated by a bar; the last one has init as its parent. */
function tableOf(chain: readonly string[]): ProcessTable {
  const facts = chain.map((line, i) =>
    fact(line.split('|'), { pid: 50 - i, ppid: i === chain.length - 1 ? 1 : 49 - i }),
  )
  return processTable(...facts, fact(['/sbin/init'], { pid: 1, ppid: 0 }))
}
const isLauncher = ({ argv }: ProcessFact): boolean => argv !== null && isRunner(argv)

it.each([
  [['node|deck|wrap', 'claude', 'bash'], 'claude', 0],
  [['node|deck|wrap', 'sh|-c|node deck wrap', 'npm exec', 'code'], 'code', 2],
  [['node|deck|wrap', 'npm exec serena-deck wrap -- serena start-mcp-server', 'codex'], 'codex', 1],
  // An interactive shell is the client itself.
  [['node|deck|wrap', 'bash', 'gnome-terminal'], 'bash', 0],
  [['node|deck|wrap', 'nohup|serena-deck|wrap'], null, 0],
  [['node|deck|wrap'], null, 0],
] as const)('%j', (chain, client, launchers) => {
  const found = findClient(50, tableOf(chain), isLauncher, isReaper)
  expect(found?.client.argv?.[0] ?? null).toBe(client)
  expect(found?.launchers ?? []).toHaveLength(launchers)
})

it('stops at a cycle in the table', () => {
  const table = tableOf(['a', 'sh|-c|x', 'sh|-c|y'])
  const circle = new Map(table.byPid).set(48, fact(['sh', '-c', 'y'], { pid: 48, ppid: 49 }))
  expect(findClient(50, { ...table, byPid: circle }, isLauncher, isReaper)).toBeNull()
})
