// Several instances of one daemon are its windows: they may collide, and none of them is one too many.
import { expect, it } from 'vitest'
import type { FlagNote } from '#contract/instance'
import type { ClientMark, GroupMember } from '../../facts.ts'
import { findGroupFlags } from './group-flags.ts'

const MIN = 60_000
const NOON = new Date(2026, 10, 23, 12).getTime()
const daemon: ClientMark = {
  key: 'boot:10:1',
  hostKey: null,
  isKnown: true,
  program: 'Codex',
  hasManyWindows: true,
  words: 'Codex in ~/shop',
}
const member = (pid: number, change: Partial<GroupMember> = {}): GroupMember => ({
  id: `${pid}-x`,
  title: `${pid} - shop`,
  state: 'live',
  isStdio: true,
  startedAtMs: NOON - 60 * MIN,
  projectRoot: '/w/shop',
  languageServers: [],
  client: daemon,
  commandKey: 'serena\0start-mcp-server',
  argumentsKey: '{}',
  lastActivityAtMs: NOON - 60 * MIN + 2_000,
  cpuPercent: 0,
  serenaVersion: null,
  newerSerenaVersion: null,
  running: null,
  ...change,
})
const notesOf = (members: readonly GroupMember[], pid: number): readonly FlagNote[] =>
  findGroupFlags(members, [], NOON).get(`${pid}-x`) ?? []

it('calls no window of one daemon a duplicate, unused or to be ended', () => {
  const windows = [member(1, { lastActivityAtMs: NOON - MIN }), member(2), member(3)]
  for (const pid of [1, 2, 3]) {
    const notes = notesOf(windows, pid)
    expect(notes.map(({ flag }) => flag)).toEqual(['collision'])
    expect(notes[0]?.unused).toBeNull()
    expect(notes[0]?.advice).toBe(
      'They serve different windows of one program: keep them, or give one window a git worktree.',
    )
  }
})

it('never advises to end a window of a daemon because of another client that is used', () => {
  const other: ClientMark = { ...daemon, key: 'boot:11:1', hasManyWindows: false, program: 'Claude Code' }
  const both = [member(1), member(2, { client: other, lastActivityAtMs: NOON - MIN })]
  expect(notesOf(both, 1)[0]).toMatchObject({ flag: 'collision', unused: null })
})

it('still calls a zombie of a daemon one that can be ended', () => {
  const both = [member(1, { state: 'orphaned', client: null }), member(2)]
  expect(notesOf(both, 2)[0]?.unused).toBe('1-x')
})
