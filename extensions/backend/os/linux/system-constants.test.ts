// Constants of the system, against what getconf says.
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { readSystemConstants } from './system-constants.ts'

const getconf = (name: string): number => Number(execFileSync('getconf', [name], { encoding: 'utf8' }))

it.runIf(process.platform === 'linux')('agrees with getconf', () => {
  expect(readSystemConstants()).toEqual({
    ticksPerSecond: getconf('CLK_TCK'),
    pageBytes: getconf('PAGESIZE'),
  })
})

it('takes the usual values where the vector cannot be read', () => {
  expect(readSystemConstants('/nonexistent/auxv')).toEqual({ ticksPerSecond: 100, pageBytes: 4096 })
})
