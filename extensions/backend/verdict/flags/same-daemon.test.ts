// Several instances of one daemon belong to its windows: they may collide, and none is a duplicate.
import { expect, it } from 'vitest'
import type { FlagNote } from '#contract/instance'
import type { ClientMark } from '../../clients/client-facts.ts'
import type { GroupMember } from './group-facts.ts'
import { findGroupFlags } from './group-flags.ts'
import { member as anyMember, MIN, NOON } from './group-member.fixture.ts'

const daemon: ClientMark = {
  key: 'boot:10:1',
  hostKey: null,
  isKnown: true,
  program: 'Codex',
  hasManyWindows: true,
  label: 'Codex in ~/shop',
}
const member = (pid: number, change: Partial<GroupMember> = {}): GroupMember =>
  anyMember(pid, { client: daemon, ...change })
const notesOf = (members: readonly GroupMember[], pid: number): readonly FlagNote[] =>
  findGroupFlags(members, [], NOON).get(`${pid}-x`) ?? []

it('calls no instance of one daemon a duplicate or unused', () => {
  const windows = [member(1, { lastActivityAtMs: NOON - MIN }), member(2), member(3)]
  for (const pid of [1, 2, 3]) {
    const notes = notesOf(windows, pid)
    expect(notes.map(({ flag }) => flag)).toEqual(['collision'])
    expect(notes[0]?.unused).toBeNull()
    expect(notes[0]?.advice).toBe(
      'They serve different windows of one program. Keep them, or use a git worktree for one window.',
    )
  }
})

it('calls no instance of the hub a duplicate: each serves clients of its own', () => {
  const hub: ClientMark = { ...daemon, program: 'Serena Deck hub', label: 'Serena Deck hub' }
  const notes = notesOf([member(1, { client: hub }), member(2, { client: hub })], 1)
  expect(notes.map(({ flag, advice }) => [flag, advice])).toEqual([
    [
      'collision',
      'The hub runs them for clients with different contexts or arguments. Keep them, or give the clients the same arguments.',
    ],
  ])
})

it('does not call an instance of a daemon unused because of another client', () => {
  const other: ClientMark = { ...daemon, key: 'boot:11:1', hasManyWindows: false, program: 'Claude Code' }
  const both = [member(1), member(2, { client: other, lastActivityAtMs: NOON - MIN })]
  expect(notesOf(both, 1)[0]).toMatchObject({ flag: 'collision', unused: null })
})

it('calls a zombie of a daemon unused', () => {
  const both = [member(1, { state: 'orphaned', client: null }), member(2)]
  expect(notesOf(both, 2)[0]?.unused).toBe('1-x')
})
