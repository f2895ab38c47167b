// What the notes on instances of one project advise.
import { describe, expect, it } from 'vitest'
import type { FlagNote } from '#contract/instance'
import type { GroupMember } from './group-facts.ts'
import { findGroupFlags } from './group-flags.ts'
import { claude, cursor, MIN, member, NOON } from './group-member.fixture.ts'

const notesOf = (members: readonly GroupMember[], pid: number): readonly FlagNote[] =>
  findGroupFlags(members, [], NOON).get(`${pid}-x`) ?? []
const note = (members: readonly GroupMember[], pid: number, flag: string): FlagNote | undefined =>
  notesOf(members, pid).find((one) => one.flag === flag)

describe('advice', () => {
  it('does not call an instance unused that started after the last use of the other one', () => {
    const codex = member(1, { lastActivityAtMs: NOON - 9 * MIN })
    const opened = member(2, { client: cursor, startedAtMs: NOON - 2.5 * MIN, lastActivityAtMs: null })
    for (const pid of [1, 2]) {
      expect(note([codex, opened], pid, 'collision')).toMatchObject({ unused: null })
      expect(note([codex, opened], pid, 'collision')?.advice).not.toMatch(/^End|this one/)
    }
  })

  it('gives one piece of advice per pair, whatever else is on the project', () => {
    const desktop = { ...claude, program: 'Claude Desktop', label: 'Claude Desktop' }
    const used = member(3, { client: cursor, lastActivityAtMs: NOON })
    for (const client of [claude, desktop])
      for (const others of [[], [used]]) {
        const all = [
          member(1, { client, lastActivityAtMs: NOON - 20 * MIN }),
          member(2, { client }),
          ...others,
        ]
        for (const pid of [1, 2])
          expect(notesOf(all, pid).filter(({ advice }) => advice !== '')).toMatchObject([
            { flag: 'duplicate' },
          ])
        const said = all.flatMap(({ id }) =>
          notesOf(all, Number(id.split('-')[0])).map(({ advice }) => advice),
        )
        // Instance 1 is in use by its client: none of the three notes advises to end it.
        expect(said.filter((advice) => /end 1 - shop/i.test(advice))).toEqual([])
        expect(note(all, 1, 'duplicate')?.unused).not.toBe('1-x')
      }
  })

  it('names ten of 200 instances of one client, and counts all', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      member(at + 1, { startedAtMs: NOON - 60 * MIN + at, lastActivityAtMs: at === 3 ? NOON : null }),
    )
    const found = note(many, 1, 'duplicate')
    expect(found?.text).toBe(
      'Its client also started 2 - shop, 3 - shop, 4 - shop and 196 more for this project.',
    )
    expect(found).toMatchObject({ othersCount: 199, unused: '1-x' })
    expect(found?.others).toHaveLength(10)
    expect(found?.more).toContain('199 of 200 have been unused for more than 5 min.')
    expect(found?.advice).toMatch(
      /^If they are not needed, end the 199 unused ones\. Claude Code in ~\/shop is running/,
    )
    expect(note(many, 4, 'duplicate')?.others).toHaveLength(10)
    expect(note(many, 4, 'duplicate')?.others).toContain(note(many, 4, 'duplicate')?.unused)
    expect(JSON.stringify(notesOf(many, 1)).length).toBeLessThan(2_000)
  })

  it.each([
    ['one client', () => claude],
    ['a client each', (at: number) => ({ ...claude, key: `boot:${at}:1` })],
  ] as const)('grows linearly with the instances of %s on one project', (_, client) => {
    const sizeOf = (count: number): number => {
      const many = Array.from({ length: count }, (_, at) => member(1_000 + at, { client: client(at) }))
      return JSON.stringify([...findGroupFlags(many, [], NOON).values()]).length
    }
    expect(sizeOf(240) / sizeOf(60)).toBeLessThan(4.1)
    expect(sizeOf(60) / 60).toBeLessThan(1_200)
  })
})
