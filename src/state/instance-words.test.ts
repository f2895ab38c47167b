import { expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { secondLine, tabTooltip } from './instance-words.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')

test('shows the reason in the second line of a red instance, otherwise owner, port and last activity', () => {
  const evidence = { certainty: 'certain' as const, evidence: ['No answer for 12 s.', 'More.'] }
  expect(secondLine(instance(1, { state: 'hung', verdict: evidence }), NOW)).toEqual({
    words: 'No answer for 12 s.',
    numbers: '',
  })
  const lastActivityAt = '2026-11-23T11:58:00Z'
  expect(secondLine(instance(1, { lastActivityAt }), NOW)).toEqual({
    words: 'claude',
    numbers: ':24282 · 2 min ago',
  })
  expect(secondLine(instance(1, { owner: null, port: null }), NOW)).toEqual({ words: '', numbers: '' })
})

test('shows exact times in the tooltip of a tab', () => {
  const lastActivityAt = '2026-11-23T11:58:00Z'
  const tooltip = tabTooltip(instance(1, { lastActivityAt }))
  expect(tooltip).toContain(`Last activity: ${new Date(lastActivityAt).toLocaleString()}`)
  expect(tooltip).toContain('Started: ')
})

test('shows what the user keeps for the project, before everything else', () => {
  const kept = { label: 'billing', note: 'until June', isLeftAlone: true } as const
  expect(secondLine(instance(1, kept), NOW).words).toBe('left alone · billing · claude')
  expect(secondLine(instance(1, { ...kept, state: 'hung' }), NOW).words).toBe(
    'left alone · billing · It answers.',
  )
  expect(tabTooltip(instance(1, kept))).toContain(
    'Label: billing\nNote: until June\nIts project is set to be left alone.',
  )
})

test('escapes hidden characters', () => {
  const hostile = instance(1, {
    title: '1 - a\u202Eb',
    verdict: { certainty: 'certain', evidence: ['\u0007bell'] },
  })
  expect(tabTooltip(hostile)).toContain('1 - a\\u{202E}b')
  expect(tabTooltip(hostile)).toContain('\\u{0007}bell')
})
