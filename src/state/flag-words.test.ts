import { expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { flagTitle, plainFlags } from './flag-words.ts'

const note = {
  flag: 'collision' as const,
  text: 'Another instance uses this project.',
  more: '',
  advice: 'End one of them.\u202E',
  others: [],
  unused: null,
}
const one = instance(1, { flags: ['slow', 'collision'], flagNotes: [note] })

test('explains a flag by the note of the instance, otherwise in general', () => {
  expect(flagTitle(one, 'collision')).toBe('Another instance uses this project. End one of them.\\u{202E}')
  expect(flagTitle(one, 'slow')).toBe('It did not answer the last probe.')
})

test('separates the flags without a note', () => {
  expect(plainFlags(one)).toEqual(['slow'])
  expect(plainFlags(instance(1))).toEqual([])
})
