// Whatever the facts are, no plan ever holds a process outside the rules. Random process tables, judged by rules written anew.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COLOURS, FLAGS, type Instance, STATE_COLOUR, STATES } from '#contract/instance'
import type { EntryFate, ProcessFact, ProcessTable, RegistryEntry } from './facts.ts'
import { type Candidate, type Deed, planEndings, type Scope } from './features/ending/plan.ts'
import { findSerenas } from './features/sweep/serena-processes.ts'
import { treeOfRoots } from './lib/process-tree.ts'

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

const fates: readonly EntryFate[] = [
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
  fate: fc.constantFrom(...fates),
  shape: fc.constantFrom('own' as const, 'a' as const, 'b' as const, 'c' as const),
  hasIdentity: fc.boolean(),
  isLeft: fc.boolean(),
  bar: fc.constantFrom(null, 'Another program writes it.'),
})
type Knowledge = typeof knowledge extends fc.Arbitrary<infer Known> ? Known : never

const tableOf = (
  rows: readonly Omit<ProcessFact, 'identity' | 'startedAtMs' | 'name' | 'rssBytes' | 'cpuMs'>[],
): ProcessTable => ({
  isComplete: true,
  byPid: new Map(
    rows.map((row) => [
      row.pid,
      { ...row, identity: `boot:${row.pid}:7`, startedAtMs: 0, name: 'p', rssBytes: 1, cpuMs: 0 },
    ]),
  ),
})

const instanceFrom = (
  { state, flags, certainty }: Pick<Knowledge, 'state' | 'flags' | 'certainty'>,
  i: number,
): Instance => ({
  id: `${i}-000000000000`,
  pid: i,
  startedAt: null,
  port: null,
  title: `${i}`,
  state,
  colour: STATE_COLOUR[state],
  flags,
  verdict: { certainty, evidence: ['So it is.'] },
  project: null,
  context: null,
  modes: [],
  transport: null,
  serenaVersion: null,
  owner: null,
  memoryBytes: 5,
  memoryKind: 'pss',
  cpuPercent: null,
  processCount: 1,
  lastActivityAt: null,
  sources: [],
})

const entryFrom = ({ shape, hasIdentity }: Knowledge): RegistryEntry => ({
  file: '/h/instances.json',
  serenaHome: '/h',
  shape,
  pid: 5,
  port: null,
  startedAtMs: null,
  identity: hasIdentity ? 'boot:5:1' : null,
  pidNamespace: null,
  projectName: null,
  projectRoot: null,
  context: null,
  modes: [],
  lastSeenAtMs: null,
})

/** Our pid and everybody above it, as far as the table knows. */
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

/** Somebody of the members, or one that ended among them, is why this one is a member. */
function checkBelongs(
  fact: ProcessFact,
  deed: Extract<Deed, { kind: 'processes' }>,
  table: ProcessTable,
): void {
  const { told, tree } = deed
  const own = [...told.map(({ identity }) => identity), ...tree.wrappers]
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
              left: serena || leftTree ? null : { entry: entryFrom(one), fate: one.fate, bar: one.bar },
            }
          })
          const limits = { ownPid, ownUid: OWN_UID }
          const chain = ourChain(table, ownPid)
          const taken = new Set<string>()
          planEndings({ candidates, table, serenas, limits, scope }).forEach(({ item, deed }, i) => {
            const candidate = candidates[i] as Candidate
            const { instance, serena, isForeignNamespace, mayHaveClient, left, leftTree } = candidate
            expect(deed === null).toBe(item.refusal !== null)
            expect(item.checked && deed === null).toBe(false)
            if (item.checked) expect(instance.colour).toBe(COLOURS[2])
            if (item.checked && mayHaveClient) expect(instance.state).not.toBe('hung')
            if (deed === null) return
            expect(instance.state).not.toBe('unknown')
            if (deed.kind === 'entry') {
              expect([left?.bar, left?.fate.kind === 'unjudgeable', instance.state]).toEqual([
                null,
                false,
                'dead',
              ])
              return
            }
            if (leftTree) expect(deed.told).toEqual(deed.members)
            else {
              expect(deed.told).toEqual([serena?.process])
              expect(isForeignNamespace).toBe(false)
            }
            if (scope === 'red') {
              expect([instance.colour, instance.verdict.certainty]).toEqual(['red', 'certain'])
              expect(instance.flags).not.toContain('finishing')
            }
            for (const fact of deed.members) {
              checkProcess(fact, chain)
              checkBelongs(fact, deed, table)
              // What two of them left behind is theirs by what was seen, which this table does not hold.
              if (leftTree) continue
              expect(taken.has(fact.identity)).toBe(false)
              taken.add(fact.identity)
            }
            const others = serenas.filter((one) => one !== serena).map(({ process }) => process.identity)
            expect(deed.members.some(({ identity }) => others.includes(identity))).toBe(false)
          })
        },
      ),
      { numRuns: 3000 },
    )
  })
})

it.each([
  [true, /^Its process has ended, or is no Serena any more\.$/],
  [false, /cannot be read whole/],
])('of one that is no Serena in a list (whole: %s) nobody says that it has ended', (isComplete, why) => {
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
})
