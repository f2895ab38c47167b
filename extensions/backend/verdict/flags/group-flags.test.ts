// Flags of instances that are compared with each other: their texts, and the states without them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FlagNote, STATES } from '#contract/instance'
import type { GroupMember, Spawn } from './group-facts.ts'
import { FLAPPING_SPAN_MS, findGroupFlags } from './group-flags.ts'
import { claude, cursor, MIN, member, NOON } from './group-member.fixture.ts'
import { isOlder } from './outdated.ts'

const notesOf = (
  members: readonly GroupMember[],
  pid: number,
  spawns: readonly Spawn[] = [],
): readonly FlagNote[] => findGroupFlags(members, spawns, NOON).get(`${pid}-x`) ?? []
const flagsOf = (members: readonly GroupMember[], pid: number): string[] =>
  notesOf(members, pid).map(({ flag }) => flag)
const note = (members: readonly GroupMember[], pid: number, flag: string): FlagNote | undefined =>
  notesOf(members, pid).find((one) => one.flag === flag)

it('has no notes on a single instance', () => {
  expect(notesOf([member(1)], 1)).toEqual([])
})

describe('collision', () => {
  it('names the other instances, the risk, the one in use and what to do', () => {
    const both = [member(1, { lastActivityAtMs: NOON - 2 * MIN }), member(2, { client: cursor })]
    expect(notesOf(both, 1)).toEqual([
      {
        flag: 'collision',
        text: '2 - shop (Cursor in ~/shop) works on the same project.',
        more: "Both write its memories and the caches in .serena, and neither sees the other's edits to the same files. This one is in use (last used at 11:58); 2 - shop has been unused since its start.",
        advice:
          "If it is not needed, end 2 - shop. Cursor in ~/shop is running. Ending it removes Serena's tools from the session of its client.",
        others: ['2-x'],
        othersCount: 1,
        unused: '2-x',
      },
    ])
    expect(note(both, 2, 'collision')).toMatchObject({
      more: expect.stringContaining(
        '1 - shop is in use (last used at 11:58); this one has been unused',
      ) as string,
      advice:
        "If it is not needed, end this one. Cursor in ~/shop is running. Ending it removes Serena's tools from the session of its client.",
      others: ['1-x'],
      unused: '2-x',
    })
  })

  it('calls no instance unused if none was used', () => {
    const both = [member(1), member(2, { client: cursor })]
    expect(note(both, 1, 'collision')).toMatchObject({ unused: null })
    expect(note(both, 1, 'collision')?.more).toContain('not yet known which')
    expect(note(both, 1, 'collision')?.advice).toContain('worktree')
  })

  it('calls an instance unused only five minutes after its start or its last use', () => {
    const busy = member(1, { lastActivityAtMs: NOON })
    const unused = (change: Partial<GroupMember>) =>
      note([busy, member(2, { client: cursor, ...change })], 1, 'collision')?.unused
    expect(unused({})).toBe('2-x')
    expect(unused({ startedAtMs: NOON - MIN, lastActivityAtMs: NOON - MIN })).toBeNull()
    expect(unused({ startedAtMs: NOON - 4 * MIN, lastActivityAtMs: NOON - 4 * MIN })).toBeNull()
    expect(unused({ startedAtMs: NOON - 4 * MIN, lastActivityAtMs: null })).toBeNull()
    expect(unused({ startedAtMs: NOON - 6 * MIN, lastActivityAtMs: null })).toBe('2-x')
    expect(unused({ lastActivityAtMs: NOON - 4 * MIN })).toBeNull()
    expect(unused({ lastActivityAtMs: NOON - 6 * MIN })).toBe('2-x')
    expect(unused({ running: { name: 'Task-1:X', sinceMs: NOON - 20 * MIN } })).not.toBe('2-x')
  })

  it('calls a zombie unused, whatever its log says', () => {
    const both = [member(1, { state: 'orphaned', lastActivityAtMs: NOON, client: null }), member(2)]
    expect(note(both, 2, 'collision')).toMatchObject({
      more: expect.stringContaining('1 - shop is a zombie (orphaned).') as string,
      advice: 'End 1 - shop.',
      unused: '1-x',
    })
  })

  it('without logs, calls the only instance that uses the CPU the one in use', () => {
    const both = [
      member(1, { lastActivityAtMs: null, cpuPercent: 80 }),
      member(2, { lastActivityAtMs: null }),
    ]
    expect(note(both, 1, 'duplicate')?.more).toContain('This one is in use;')
  })

  it('counts many instances, and names the conflicts of their language servers', () => {
    const many = [1, 2, 3, 4, 5, 6].map((pid) =>
      member(pid, { client: null, languageServers: pid < 3 ? ['java', 'kotlin'] : [] }),
    )
    const found = note(many, 1, 'collision')
    expect(found?.text).toBe('2 - shop, 3 - shop, 4 - shop and 2 more work on the same project.')
    expect(found?.more).toMatch(/^All write .+ Java .+ Kotlin /)
    expect(flagsOf(many, 1)).toEqual(['collision'])
  })

  it.each([
    { projectRoot: '/w/blog' },
    { projectRoot: null },
    { state: 'unknown' as const },
    { state: 'dead' as const },
    { state: 'suspended' as const },
    { state: 'leftover' as const },
  ])('does not apply to %j', (change) => {
    const both = [member(1), member(2, { client: cursor, ...change })]
    expect([...flagsOf(both, 1), ...flagsOf(both, 2)]).toEqual([])
  })
})

describe('duplicate', () => {
  const duplicate = (a: Partial<GroupMember>, b: Partial<GroupMember>): FlagNote | undefined =>
    note([member(1, a), member(2, b)], 1, 'duplicate')
  const later = { startedAtMs: NOON - 48 * MIN }

  it('is also a collision, and only one note says which instance is in use', () => {
    const both = [member(1), member(2, { lastActivityAtMs: NOON - MIN })]
    expect(flagsOf(both, 1)).toEqual(['collision', 'duplicate'])
    expect(note(both, 1, 'collision')?.more).not.toContain('traffic')
    expect(note(both, 1, 'duplicate')).toMatchObject({
      text: 'Its client also started 2 - shop for this project.',
      more: '2 - shop is in use (last used at 11:59); this one has been unused since its start.',
      advice:
        "If it is not needed, end this one. Claude Code in ~/shop is running. Ending it removes Serena's tools from the session of its client.",
      unused: '1-x',
    })
  })

  it('explains a client that reconnected', () => {
    expect(duplicate({}, later)?.more).toContain(
      'They started 12 min apart with the same command line: a client that reconnects, for example after a change of its configuration, may leave the earlier instance running.',
    )
  })

  it('explains two entries of one configuration', () => {
    const note = duplicate({}, { commandKey: 'uvx\0serena' })
    expect(note?.more).toContain('two entries of its configuration')
    expect(note?.advice).toContain('Remove one of the two entries')
  })

  it('explains the second subsystem of Claude Desktop, and offers no instance to be ended', () => {
    const client = { ...claude, program: 'Claude Desktop', label: 'Claude Desktop' }
    const found = duplicate({ client, lastActivityAtMs: NOON }, { client })
    expect(found?.more).toContain('two subsystems')
    expect(found).toMatchObject({ advice: expect.stringContaining('Keep both') as string, unused: null })
  })

  it('explains the two clients that an editor starts together', () => {
    const of = (key: string, hostKey: string | null = 'boot:5:1') => ({ client: { ...claude, key, hostKey } })
    expect(duplicate(of('a'), of('b'))?.more).toContain('Claude extension')
    expect(duplicate(of('a'), of('b', 'boot:6:1'))).toBeUndefined()
    expect(duplicate(of('a', null), of('b', null))).toBeUndefined()
    expect(duplicate(of('a'), { ...of('b'), ...later })).toBeUndefined()
  })

  it('gives no cause for a shell or a script', () => {
    const client = { ...claude, isKnown: false, program: 'bash', label: 'bash in ~/shop' }
    expect(duplicate({ client }, { client, ...later })?.more).toBe(
      'It is not yet known which of them is in use.',
    )
  })

  it('does not apply to an instance that serves over HTTP', () => {
    expect(duplicate({ isStdio: false }, {})).toBeUndefined()
    expect(duplicate({}, { client: cursor })).toBeUndefined()
    expect(duplicate({}, { client: null })).toBeUndefined()
  })
})

describe('stuck', () => {
  const runningFor = (ms: number): readonly FlagNote[] =>
    notesOf([member(1, { running: { name: 'Task-7:ExecuteShellCommandTool', sinceMs: NOON - ms } })], 1)

  it('reports an execution that runs for more than five minutes', () => {
    expect(runningFor(5 * MIN)).toEqual([])
    const waiting = { name: 'Task-1:activate_project', sinceMs: NOON - 60 * MIN, waitsForIde: true }
    expect(notesOf([member(1, { running: waiting })], 1)).toEqual([])
    expect(runningFor(5 * MIN + 1)).toMatchObject([
      { flag: 'stuck', text: 'ExecuteShellCommandTool has been running since 11:54.', unused: null },
    ])
  })
})

describe('flapping', () => {
  const spawns = (count: number, change: Partial<Spawn> = {}): Spawn[] =>
    Array.from({ length: count }, (_, at) => ({
      identity: `boot:${100 + at}:1`,
      clientKey: claude.key,
      argumentsKey: '{}',
      startedAtMs: NOON - at * MIN,
      hasEnded: at > 0,
      isRepeated: false,
      ...change,
    }))
  const flags = (starts: readonly Spawn[]): string[] =>
    notesOf([member(1)], 1, starts).map(({ flag }) => flag)

  it('reports more than five starts by one client within ten minutes', () => {
    expect(flags(spawns(5))).toEqual([])
    expect(flags(spawns(6))).toEqual(['flapping'])
    expect(notesOf([member(1)], 1, spawns(6))[0]?.text).toBe(
      'Its client (Claude Code in ~/shop) started it more than 5 times within 10 min.',
    )
  })

  it('does not apply while all instances run, or after a slow start that was aborted and repeated', () => {
    expect(flags(spawns(28, { hasEnded: false }))).toEqual([])
    expect(flags([...spawns(1), ...spawns(9, { isRepeated: true }).slice(1)])).toEqual([])
  })

  it('does not count older starts, other clients, other arguments, or one start twice', () => {
    expect(flags([...spawns(5), ...spawns(1, { startedAtMs: NOON - FLAPPING_SPAN_MS })])).toEqual([])
    expect(flags([...spawns(5), ...spawns(6, { clientKey: cursor.key })])).toEqual([])
    expect(flags([...spawns(5), ...spawns(6, { argumentsKey: 'other' })])).toEqual([])
    expect(flags([...spawns(5), ...spawns(5)])).toEqual([])
    expect(notesOf([member(1, { client: null })], 1, spawns(9))).toEqual([])
  })
})

describe('outdated', () => {
  const alone = (serenaVersion: string, more: Partial<GroupMember> = {}): GroupMember =>
    member(1, { serenaVersion, ...more })
  const other = (serenaVersion: string, more: Partial<GroupMember> = {}): GroupMember =>
    member(2, { serenaVersion, projectRoot: null, ...more })

  it('compares with the other instances on this machine', () => {
    const both = [alone('1.7.0'), other('2.1.0-1a2b3c4')]
    expect(notesOf(both, 1)).toMatchObject([
      { flag: 'outdated', text: 'This is Serena 1.7.0; 2 - shop runs 2.1.0.', others: ['2-x'] },
    ])
    expect(notesOf(both, 2)).toEqual([])
  })

  it('compares with the version that its own dashboard or another one reports', () => {
    const reported = { newerSerenaVersion: '2.2.0' }
    expect(notesOf([alone('2.1.0', reported)], 1)).toMatchObject([
      { text: 'This is Serena 2.1.0; its dashboard reports 2.2.0.', others: [] },
    ])
    const both = [alone('2.1.0'), other('2.1.0', reported)]
    expect(note(both, 1, 'outdated')?.text).toBe(
      'This is Serena 2.1.0; the dashboard of 2 - shop reports 2.2.0.',
    )
  })

  it('reports an unsafe version, whatever else is known', () => {
    expect(notesOf([alone('1.5.1')], 1)[0]?.more).toContain('any website')
    expect(notesOf([alone('1.5.2')], 1)).toEqual([])
  })

  it('does not compare equal versions and versions that cannot be parsed', () => {
    expect(notesOf([alone('2.1.0'), other('2.1.0-dirty')], 1)).toEqual([])
    expect(notesOf([alone('main'), other('2.1.0')], 1)).toEqual([])
    expect(notesOf([alone('2.1.0'), other('nightly', { newerSerenaVersion: 'soon' })], 1)).toEqual([])
  })

  it.each([
    ['1.7.0', '1.10.0', true],
    ['2.1.0', '2.1.0', false],
    ['2.1', '2.1.1', true],
    ['v1.0.0', '1.0.1', true],
    ['2.1.0', '1.9.9', false],
    ['', '1.0.0', false],
    ['1.0.0', 'x', false],
  ])('%s is older than %s: %s', (version, than, older) => {
    expect(isOlder(version, than)).toBe(older)
  })
})

describe('the notes on any instances', () => {
  const text = fc.constantFrom('a', 'b', 'c')
  const time = fc.integer({ min: NOON - 90 * MIN, max: NOON })
  const anyMember = fc.record({
    state: fc.constantFrom(...STATES),
    isStdio: fc.boolean(),
    startedAtMs: time,
    projectRoot: fc.option(text),
    client: fc.option(
      fc.record({
        key: text,
        hostKey: fc.option(text),
        isKnown: fc.boolean(),
        program: fc.constantFrom('Claude Code', 'Claude Desktop', 'bash'),
        label: fc.string(),
      }),
    ),
    commandKey: text,
    argumentsKey: text,
    lastActivityAtMs: fc.option(time),
    cpuPercent: fc.option(fc.nat(200)),
    serenaVersion: fc.option(fc.oneof(fc.string(), fc.constantFrom('1.7.0', '2.1.0', '1.0.0'))),
    newerSerenaVersion: fc.option(fc.string()),
    running: fc.option(fc.record({ name: fc.string(), sinceMs: time })),
  })
  const world = fc
    .array(anyMember, { maxLength: 7 })
    .map((all) => all.map((change, pid) => member(pid, change)))
  const anySpawns = fc.array(
    fc.record({
      identity: fc.string(),
      clientKey: text,
      argumentsKey: text,
      startedAtMs: time,
      hasEnded: fc.boolean(),
      isRepeated: fc.boolean(),
    }),
    { maxLength: 30 },
  )

  it('are mutual and unique, have texts, and name members only', () => {
    fc.assert(
      fc.property(world, anySpawns, (members, spawns) => {
        const found = findGroupFlags(members, spawns, NOON)
        const ids = members.map(({ id }) => id)
        for (const [id, notes] of found) {
          const own = members.find((one) => one.id === id)
          expect(['unknown', 'dead', 'suspended', 'leftover']).not.toContain(own?.state)
          const flags = notes.map(({ flag }) => flag)
          expect(new Set(flags).size).toBe(flags.length)
          if (flags.includes('duplicate')) expect(flags).toContain('collision')
          for (const { flag, text: said, advice, others, unused } of notes) {
            expect(said).toMatch(/\.$/)
            if (flag === 'collision' && flags.includes('duplicate')) expect(advice).toBe('')
            else expect(advice).toMatch(/\.$/)
            expect(others).not.toContain(id)
            for (const other of others) expect(ids).toContain(other)
            if (unused !== null) expect([id, ...others]).toContain(unused)
            if (flag !== 'collision' && flag !== 'duplicate') continue
            for (const other of others)
              expect(found.get(other)?.find((one) => one.flag === flag)?.others).toContain(id)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('do not depend on the order of the instances', () => {
    fc.assert(
      fc.property(world, (members) => {
        const sorted = (found: ReturnType<typeof findGroupFlags>) =>
          [...found].sort(([a], [b]) => (a < b ? -1 : 1))
        const given = findGroupFlags(members, [], NOON)
        const turned = findGroupFlags([...members].reverse(), [], NOON)
        const flags = (found: typeof given) =>
          sorted(found).map(([id, notes]) => [id, notes.map(({ flag }) => flag)])
        expect(flags(turned)).toEqual(flags(given))
      }),
    )
  })
})
