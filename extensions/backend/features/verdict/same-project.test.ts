// What the notes of instances on one project advise: one thing per pair, and no end of a session that is not named.
import { describe, expect, it } from 'vitest'
import type { FlagNote } from '#contract/instance'
import type { GroupMember } from '../../facts.ts'
import { findGroupFlags } from './group-flags.ts'
import { claude, cursor, MIN, member, NOON } from './group-member.fixture.ts'

const notesOf = (members: readonly GroupMember[], pid: number): readonly FlagNote[] =>
  findGroupFlags(members, [], NOON).get(`${pid}-x`) ?? []
const note = (members: readonly GroupMember[], pid: number, flag: string): FlagNote | undefined =>
  notesOf(members, pid).find((one) => one.flag === flag)

describe('advice', () => {
  it('an instance that was opened after the other one was used is not unused', () => {
    const codex = member(1, { lastActivityAtMs: NOON - 9 * MIN })
    const opened = member(2, { client: cursor, startedAtMs: NOON - 2.5 * MIN, lastActivityAtMs: null })
    for (const pid of [1, 2]) {
      expect(note([codex, opened], pid, 'collision')).toMatchObject({ unused: null })
      expect(note([codex, opened], pid, 'collision')?.advice).not.toMatch(/^End|this one/)
    }
  })

  it('one piece of advice per pair, whatever the others on the project are', () => {
    const desktop = { ...claude, program: 'Claude Desktop', words: 'Claude Desktop' }
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
        // 1 carries the traffic of its client: no note of the three offers to end it.
        expect(said.filter((advice) => /end 1 - shop/i.test(advice))).toEqual([])
        expect(note(all, 1, 'duplicate')?.unused).not.toBe('1-x')
      }
  })

  it('200 of one client: the notes name ten, count all, and stay short', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      member(at + 1, { startedAtMs: NOON - 60 * MIN + at, lastActivityAtMs: at === 3 ? NOON : null }),
    )
    const found = note(many, 1, 'duplicate')
    expect(found?.text).toBe(
      'Its client also started 2 - shop, 3 - shop, 4 - shop and 196 more for this project.',
    )
    expect(found).toMatchObject({ othersCount: 199, unused: '1-x' })
    expect(found?.others).toHaveLength(10)
    expect(found?.more).toContain('199 of 200 have had none for more than 5 min.')
    expect(found?.advice).toMatch(
      /^If they are not needed, end the 199 unused ones: Claude Code in ~\/shop is running/,
    )
    expect(note(many, 4, 'duplicate')?.others).toHaveLength(10)
    expect(note(many, 4, 'duplicate')?.others).toContain(note(many, 4, 'duplicate')?.unused)
    expect(JSON.stringify(notesOf(many, 1)).length).toBeLessThan(2_000)
  })
})
