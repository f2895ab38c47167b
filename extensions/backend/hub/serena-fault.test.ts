// What clients read when Serena does not run.
import { expect, it } from 'vitest'
import { AppError } from '#contract/errors'
import { exitFault, startFault } from './serena-fault.ts'

it.each([
  [Object.assign(new Error('spawn x'), { code: 'ENOENT' }), 'no such program or folder'],
  [Object.assign(new Error('spawn x'), { code: 'EACCES' }), 'permission denied'],
  [Object.assign(new Error('spawn x'), { code: 'EMFILE' }), 'EMFILE'],
  ['odd', 'odd'],
])('says why %s prevents a start', (error, why) => {
  expect(startFault(error)).toBe(`Serena could not be started: ${why}.`)
})

it('repeats the message of an AppError', () => {
  const error = new AppError('hub-refused', { why: 'Serena refuses.', fix: 'Try again.' })
  expect(startFault(error)).toBe(error.message)
})

it('says how it has exited, and what it printed last', () => {
  const exit = { code: 2, signal: null, lastWords: 'usage: serena', hadNoOutput: true }
  expect(exitFault(exit)).toBe('Serena exited with code 2. Its last output:\nusage: serena')
  expect(exitFault({ ...exit, code: null, signal: 'SIGKILL', lastWords: '' })).toBe(
    'Serena was ended by SIGKILL. It printed nothing to stderr.',
  )
})
