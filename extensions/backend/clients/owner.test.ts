// Owners of recorded command lines; unknown parts are omitted.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownerWords } from '#contract/owner-words'
import { processTable } from '../os/process-fact.fixture.ts'
import { fact, factsOf, OWNER_CASES, type OwnerCase } from './owner.fixture.ts'
import { describeOwner, markClient, type OwnerFacts, ownerChain } from './owner.ts'
import { programOf } from './owner-program.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
const said = (given: OwnerCase): string => ownerWords(describeOwner(factsOf(given), NOON))

describe('describeOwner', () => {
  it.each(OWNER_CASES)('%s', (_, given, expected) => {
    expect(said(given)).toBe(expected)
  })

  it('names the day if it started before today', () => {
    const [client] = [fact(['claude'], { startedAtMs: new Date(2026, 10, 3, 23, 59).getTime() })]
    const { detail } = describeOwner({ ...factsOf({ chain: ['claude'] }), client }, NOON)
    expect(detail).toBe('~/shop, since 3 Nov 23:59')
  })

  it('does not match a name inside another path', () => {
    for (const line of ['vim|/home/ana/claude', 'grep|-r|codex', 'node|/w/claude-notes/server.js', 'cat|zed'])
      expect(programOf(fact(line.split('|'))).known, line).toBeNull()
  })
})

describe('markClient', () => {
  it('uses the app of a wrapper', () => {
    const wrapped = (pid: number): OwnerFacts => {
      const facts = factsOf({
        chain: ['/Applications/Claude.app/x/disclaimer|uvx', '/Applications/Claude.app/x/Claude'],
      })
      return { ...facts, client: { ...facts.client, pid, identity: `boot:${pid}:1` } }
    }
    expect(markClient(wrapped(7))).toEqual(markClient(wrapped(8)))
    expect(markClient(wrapped(7))).toMatchObject({ key: 'boot:99:1', program: 'Claude Desktop' })
  })

  it('uses every other client itself', () => {
    expect(markClient(factsOf({ chain: ['claude', 'claude'] }))).toMatchObject({
      key: 'boot:100:1',
      hostKey: null,
    })
  })

  it('names the app of an agent, but not a shell or another agent', () => {
    const hostOf = (...chain: string[]) => markClient(factsOf({ chain })).hostKey
    expect(hostOf('claude', '/usr/share/code/code|--type=utility')).toBe('boot:99:1')
    expect(hostOf('claude', '-bash', '/usr/share/code/code')).toBeNull()
    expect(hostOf('python3|x.py', '/usr/share/code/code')).toBeNull()
  })
})

describe('ownerChain', () => {
  it('goes up to init, and ends at gaps and cycles', () => {
    const [a, b, c] = [
      fact(['a'], { pid: 5, ppid: 4 }),
      fact(['b'], { pid: 4, ppid: 3 }),
      fact(['c'], { pid: 3, ppid: 1 }),
    ]
    expect(ownerChain(a, processTable(a, b, c)).map(({ pid }) => pid)).toEqual([4, 3])
    expect(ownerChain(a, processTable(a, c))).toEqual([])
    expect(ownerChain(a, processTable(a, b, { ...c, ppid: 5 })).map(({ pid }) => pid)).toEqual([4, 3])
  })
})

it('returns a name for any facts', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--type=', 'file://%', '--folder-uri', '-m', '-c', 'python', '/', 'C:\\', 'claude', '~'),
  )
  const text = fc.option(word)
  const variables = fc.option(
    fc.record(
      {
        HOME: word,
        TMUX_PANE: word,
        ITERM_SESSION_ID: word,
        CLAUDE_PID: word,
        CLAUDE_CODE_SESSION_ID: word,
        CLAUDE_CODE_ENTRYPOINT: word,
      },
      { requiredKeys: [] },
    ),
  )
  const anyProcess = fc
    .record({ argv: fc.option(fc.array(word)), name: word, startedAtMs: fc.integer() })
    .map(({ argv, ...more }) => fact(argv, more))
  const anyFacts = fc.record({
    client: anyProcess,
    ancestors: fc.array(anyProcess, { maxLength: 4 }),
    clientFolder: text,
    serenaFolder: text,
    clientTerminal: fc.option(fc.nat()),
    clientVariables: variables,
    serenaVariables: variables,
  })
  fc.assert(
    fc.property(anyFacts, fc.integer(), (facts, nowMs) => {
      const owner = describeOwner(facts as OwnerFacts, nowMs)
      expect(owner.pid).toBe(facts.client.pid)
      expect(typeof owner.name).toBe('string')
      expect(owner.detail).toMatch(/since/)
      expect(typeof markClient(facts as OwnerFacts).key).toBe('string')
    }),
    { numRuns: 500 },
  )
})
