import { expect, test } from 'vitest'
import { makeInstance } from '../state/instance.fixture.ts'
import {
  age,
  ago,
  endingTitle,
  ownerLine,
  secondLine,
  shortPath,
  tabTooltip,
  usersLine,
} from './instance-words.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')

test.each([
  ['/home/ana/shop', '~/shop'],
  ['/home/ana', '~'],
  ['/home/anabel/x', '~/x'],
  ['/Users/ana/shop', '~/shop'],
  ['C:\\Users\\ana\\shop', '~\\shop'],
  ['/root', '~'],
  ['/root, since 14:02', '~, since 14:02'],
  ['/rootless/x', '/rootless/x'],
  ['/srv/home/ana', '/srv/home/ana'],
])('%s is shown as %s', (path, short) => {
  expect(shortPath(path)).toBe(short)
})

test('of the dead only entries are left, and nothing ends', () => {
  const live = makeInstance(1)
  const dead = makeInstance(2, { state: 'dead' })
  expect([[live], [dead], [live, dead], [dead, dead], []].map((some) => endingTitle(some))).toEqual([
    'End 1 - shop',
    'Remove the entry of 2 - shop',
    'End 2 instances',
    'Remove 2 entries',
    'End 0 instances',
  ])
})

test('times are said as a person says them', () => {
  expect(ago('2026-11-23T11:59:30Z', NOW)).toBe('now')
  expect(ago('2026-11-23T11:58:00Z', NOW)).toBe('2 min ago')
  expect(ago(null, NOW)).toBeNull()
  const startedAt = '2026-11-23T08:48:00Z'
  expect(age({ startedAt, state: 'live' }, NOW)).toBe('3 h 12 min')
  // Its process is gone: it grows no older.
  expect(age({ startedAt, state: 'dead' }, NOW)).toBeNull()
})

test('the second line of a red one is its reason, of the others owner, port and last activity', () => {
  const evidence = { certainty: 'certain' as const, evidence: ['No answer for 12 s.', 'More.'] }
  expect(secondLine(makeInstance(1, { state: 'hung', verdict: evidence }), NOW)).toEqual({
    words: 'No answer for 12 s.',
    numbers: '',
  })
  const lastActivityAt = '2026-11-23T11:58:00Z'
  expect(secondLine(makeInstance(1, { lastActivityAt }), NOW)).toEqual({
    words: 'claude',
    numbers: ':24282 · 2 min ago',
  })
  expect(secondLine(makeInstance(1, { owner: null, port: null }), NOW)).toEqual({ words: '', numbers: '' })
})

test.each([
  ['/home/ana/shop', '~/shop, terminal 3, since 14:02', 'claude, terminal 3, since 14:02'],
  ['/home/ana/shop', '/home/ana/shop', 'claude'],
  ['/home/ana/shop', '~/shop-2, since 14:02', 'claude in ~/shop-2, since 14:02'],
  // A worktree: the name of its project does not tell which one.
  ['/home/ana/fix-7', '~/fix-7, since 14:02', 'claude in ~/fix-7, since 14:02'],
  [null, '~/shop', 'claude in ~/shop'],
])('beside a project shop in %s an owner in %s is %s', (path, detail, words) => {
  const project = { name: 'shop', path }
  expect(ownerLine({ owner: { pid: 10, name: 'claude', detail }, project })).toBe(words)
})

test('hovering over a tab tells the times themselves', () => {
  const lastActivityAt = '2026-11-23T11:58:00Z'
  const tooltip = tabTooltip(makeInstance(1, { lastActivityAt }))
  expect(tooltip).toContain(`last activity ${new Date(lastActivityAt).toLocaleString()}`)
  expect(tooltip).toContain('started ')
})

test('N34: what would hide or reorder text is spelled out everywhere', () => {
  const hostile = makeInstance(1, {
    title: '1 - a\u202Eb',
    owner: { pid: 2, name: 'x\u200By', detail: '/home/ana/\u2066z' },
    verdict: { certainty: 'certain', evidence: ['\u0007bell'] },
  })
  expect(ownerLine(hostile)).toBe('x\\u{200B}y in ~/\\u{2066}z')
  expect(tabTooltip(hostile)).toContain('1 - a\\u{202E}b')
  expect(tabTooltip(hostile)).toContain('\\u{0007}bell')
})

test('names those that are connected to a Serena over HTTP before its starter', () => {
  const clients = [
    { pid: 5, name: 'Codex CLI' },
    { pid: 6, name: 'Claude Code' },
  ]
  const owner = { pid: 4, name: 'bash', detail: 'terminal 3' }
  const http = { transport: 'streamable-http', clients }
  expect(usersLine({ ...http, owner: null })).toBe('http, 2 clients: Codex CLI, Claude Code')
  expect(usersLine({ ...http, owner })).toBe(
    'http, 2 clients: Codex CLI, Claude Code · started by bash, terminal 3',
  )
  expect(usersLine({ transport: 'stdio', owner })).toBe('bash, terminal 3')
  expect(usersLine({ transport: 'stdio', owner: null })).toBeNull()
})
