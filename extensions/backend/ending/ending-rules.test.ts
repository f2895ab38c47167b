// Whatever the facts are, no plan ever contains a process outside the rules. Random process tables, checked by a second set of rules.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COLOURS, FLAGS, type Instance, STATES } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { registryEntry } from '../registry/registry-entry.fixture.ts'
import type { EntryStatus } from '../registry/registry-entry.ts'
import { treeOfRoots } from '../serena/process-tree.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { type Candidate, type EndingAction, planEndings, type Scope, SPARED } from './plan.ts'

const OWN_UID = 1000
const MAX_PID = 24

const ARGV: readonly (readonly string[] | null)[] = [
  ['/usr/bin/python3', '/venv/bin/serena', 'start-mcp-server'],
  ['/usr/bin/python3', '/venv/bin/serena', 'start-mcp-server', '--transport', 'sse'],
  ['uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server'],
  ['sh', '-c', 'serena start-mcp-server'],
  ['python3', '-c', 'from serena.dashboard import SerenaDashboardTrayManager; SerenaDashboardTrayManager()'],
  ['node', '/ls/typescript-language-server', '--stdio'],
  ['bash'],
  [],
  null,
]
const pids = fc.integer({ min: 0, max: MAX_PID })

const processes = fc.uniqueArray(
  fc.record({
    pid: pids,
    ppid: pids,
    pgid: fc.option(pids),
    sid: fc.option(pids),
    uid: fc.constantFrom(OWN_UID, OWN_UID, OWN_UID, 0, 65_534, null),
    argv: fc.constantFrom(...ARGV),
    runState: fc.constantFrom('S', 'R', 'T', 'D', 'Z', null),
  }),
  { selector: ({ pid }) => pid, minLength: 1, maxLength: MAX_PID },
)

const statuses: readonly EntryStatus[] = [
  { kind: 'gone' },
  { kind: 'defunct' },
  { kind: 'reused', by: 'bash' },
  { kind: 'unjudgeable', why: 'It cannot be said.' },
]

const knowledge = fc.record({
  state: fc.constantFrom(...STATES),
  flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
  certainty: fc.constantFrom('certain' as const, 'certain' as const, 'probable' as const, 'unknown' as const),
  isForeignNamespace: fc.constantFrom(false, false, false, true, null),
  isAnswering: fc.boolean(),
  mayHaveClient: fc.boolean(),
  status: fc.constantFrom(...statuses),
  shape: fc.constantFrom('own' as const, 'a' as const, 'b' as const, 'c' as const),
  hasIdentity: fc.boolean(),
  isLeft: fc.boolean(),
  refusal: fc.constantFrom(null, 'Another program writes it.'),
  isLeftAlone: fc.boolean(),
})
type Knowledge = typeof knowledge extends fc.Arbitrary<infer Known> ? Known : never

const tableOf = (rows: readonly Partial<ProcessFact>[]): ProcessTable =>
  processTable(...rows.map((row) => processFact(row)))

const instanceFrom = (
  {
    state,
    flags,
    certainty,
    isLeftAlone = false,
  }: Pick<Knowledge, 'state' | 'flags' | 'certainty'> & Partial<Knowledge>,
  i: number,
): Instance =>
  instance(i, {
    state,
    flags,
    verdict: { certainty, evidence: ['A reason.'] },
    ...(isLeftAlone && { isLeftAlone }),
  })

const entryFrom = ({ shape, hasIdentity }: Knowledge) =>
  registryEntry({ shape, pid: 5, identity: hasIdentity ? 'boot:5:7' : null })

/** Our pid and those of our ancestors, as far as the table knows. */
function ourChain({ byPid }: ProcessTable, ownPid: number): Set<number> {
  const chain = new Set([ownPid])
  for (let at = byPid.get(ownPid); at && !chain.has(at.ppid); at = byPid.get(at.ppid)) chain.add(at.ppid)
  return chain
}

function checkProcess(fact: ProcessFact, chain: ReadonlySet<number>): void {
  expect(fact.pid).toBeGreaterThan(1)
  expect(chain.has(fact.pid)).toBe(false)
  expect(fact.uid).toBe(OWN_UID)
  expect(fact.argv?.join(' ') ?? '').not.toContain('TrayManager')
  expect(fact.runState).not.toBe('Z')
}

/** A member, or one that exited among them, is the reason why this one is a member. */
function checkBelongs(
  fact: ProcessFact,
  action: Extract<EndingAction, { kind: 'processes' }>,
  table: ProcessTable,
): void {
  const { targets, tree } = action
  const own = [...targets.map(({ identity }) => identity), ...tree.wrappers]
  const parent = table.byPid.get(fact.ppid)
  const leader = fact.sid === null ? undefined : table.byPid.get(fact.sid)
  const isBelow = parent !== undefined && tree.known.has(parent.identity)
  const isOfSession = leader !== undefined && leader.sid === leader.pid && tree.known.has(leader.identity)
  expect(own.includes(fact.identity) || isBelow || isOfSession).toBe(true)
}

describe('no plan leaves the rules', () => {
  it.each(['red', 'named'] as const)('scope %s', (scope: Scope) => {
    fc.assert(
      fc.property(
        processes,
        fc.array(knowledge, { minLength: MAX_PID, maxLength: MAX_PID }),
        pids,
        (rows, known, ownPid) => {
          const table = tableOf(rows)
          const serenas = findSerenas(table)
          const candidates = known.map((one, i): Candidate => {
            const serena = serenas[i] ?? null
            const [root] = one.isLeft ? rows.slice(i) : []
            const fact = root && table.byPid.get(root.pid)
            const leftTree = !serena && fact ? treeOfRoots([fact]) : null
            return {
              instance: instanceFrom(one, i),
              serena,
              isForeignNamespace: one.isForeignNamespace,
              isAnswering: one.isAnswering,
              mayHaveClient: one.mayHaveClient,
              leftTree,
              left:
                serena || leftTree
                  ? null
                  : { entry: entryFrom(one), status: one.status, refusal: one.refusal },
            }
          })
          const limits = { ownPid, ownUid: OWN_UID }
          const chain = ourChain(table, ownPid)
          const taken = new Set<string>()
          planEndings({ candidates, table, serenas, limits, scope }).forEach(({ item, action }, i) => {
            const candidate = candidates[i] as Candidate
            const { instance, serena, isForeignNamespace, mayHaveClient, left, leftTree } = candidate
            expect(action === null).toBe(item.refusal !== null)
            expect(item.checked && action === null).toBe(false)
            if (item.checked) expect(instance.colour).toBe(COLOURS[2])
            if (instance.isLeftAlone) {
              expect([item.checked, item.isLeftAlone]).toEqual([false, true])
              if (scope === 'red') expect(item.refusal).toBe(SPARED)
            }
            if (item.checked && mayHaveClient) expect(instance.state).not.toBe('hung')
            if (action === null) return
            expect(instance.state).not.toBe('unknown')
            if (action.kind === 'entry') {
              expect([left?.refusal, left?.status.kind === 'unjudgeable', instance.state]).toEqual([
                null,
                false,
                'dead',
              ])
              return
            }
            if (leftTree) expect(action.targets).toEqual(action.members)
            else {
              expect(action.targets).toEqual([serena?.process])
              expect(isForeignNamespace).toBe(false)
            }
            if (scope === 'red') {
              expect([instance.colour, instance.verdict.certainty]).toEqual(['red', 'certain'])
              expect(instance.flags).not.toContain('finishing')
            }
            for (const fact of action.members) {
              checkProcess(fact, chain)
              checkBelongs(fact, action, table)
              // What two of them left behind is theirs by what was seen, which this table does not hold.
              if (leftTree) continue
              expect(taken.has(fact.identity)).toBe(false)
              taken.add(fact.identity)
            }
            const others = serenas.filter((one) => one !== serena).map(({ process }) => process.identity)
            expect(action.members.some(({ identity }) => others.includes(identity))).toBe(false)
          })
        },
      ),
      { numRuns: 3000 },
    )
  })
})

it.each([
  [true, /^Its process has exited or is no longer a Serena\.$/],
  [false, /is incomplete/],
])(
  'an instance without a Serena process in a list (complete: %s) is refused with the right reason',
  (isComplete, why) => {
    const instance = instanceFrom({ state: 'orphaned', flags: [], certainty: 'certain' }, 5)
    const [planned] = planEndings({
      candidates: [
        {
          instance,
          serena: null,
          isForeignNamespace: false,
          isAnswering: false,
          mayHaveClient: false,
          leftTree: null,
          left: null,
        },
      ],
      table: { ...tableOf([]), isComplete },
      serenas: [],
      limits: { ownPid: 2, ownUid: OWN_UID },
      scope: 'red',
    })
    expect(planned?.item.refusal).toMatch(why)
  },
)
