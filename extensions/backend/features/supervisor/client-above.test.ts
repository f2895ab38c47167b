// Who above us is the client.
import { expect, it } from 'vitest'
import type { ProcessFact, ProcessTable } from '../../facts.ts'
import { isRunner } from '../sweep/command-line.ts'
import { fact } from '../sweep/owner.fixture.ts'
import { isReaper } from '../sweep/serena-processes.ts'
import { clientAbove } from './client-above.ts'

/** Command lines from ourselves (pid 50) upwards, words separated by a bar; whoever is last has init above. */
function tableOf(chain: readonly string[]): ProcessTable {
  const facts = chain.map((line, i) =>
    fact(line.split('|'), { pid: 50 - i, ppid: i === chain.length - 1 ? 1 : 49 - i }),
  )
  const all = [...facts, fact(['/sbin/init'], { pid: 1, ppid: 0 })]
  return { byPid: new Map(all.map((one) => [one.pid, one])), isComplete: true } as ProcessTable
}
const isLauncher = ({ argv }: ProcessFact): boolean => argv !== null && isRunner(argv)

it.each([
  [['node|deck|wrap', 'claude', 'bash'], 'claude', 0],
  [['node|deck|wrap', 'sh|-c|node deck wrap', 'npm exec', 'code'], 'code', 2],
  [['node|deck|wrap', 'npm exec serena-deck wrap -- serena start-mcp-server', 'codex'], 'codex', 1],
  // A shell at which somebody types is who he is.
  [['node|deck|wrap', 'bash', 'gnome-terminal'], 'bash', 0],
  [['node|deck|wrap', 'nohup|serena-deck|wrap'], null, 0],
  [['node|deck|wrap'], null, 0],
] as const)('%j', (chain, client, launchers) => {
  const found = clientAbove(50, tableOf(chain), isLauncher, isReaper)
  expect(found?.client.argv?.[0] ?? null).toBe(client)
  expect(found?.launchers ?? []).toHaveLength(launchers)
})

it('a circle in the table ends', () => {
  const table = tableOf(['a', 'sh|-c|x', 'sh|-c|y'])
  const circle = new Map(table.byPid).set(48, fact(['sh', '-c', 'y'], { pid: 48, ppid: 49 }))
  expect(clientAbove(50, { ...table, byPid: circle }, isLauncher, isReaper)).toBeNull()
})
