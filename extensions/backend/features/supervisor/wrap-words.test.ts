// The words after `wrap`.
import { describe, expect, it } from 'vitest'
import { AppError, ERRORS } from '#contract/errors'
import { parseWrapWords } from './wrap-words.ts'

const NONE = { isGlobal: null, opensOnLaunch: null, globalPort: null, idleShutdownMinutes: null }
const SERENA = ['serena', 'start-mcp-server', '--project', '.'] as const

describe('what is taken, and what is left', () => {
  it.each([
    [['--', ...SERENA], NONE],
    [['--web-dashboard-global', '--', ...SERENA], { ...NONE, isGlobal: true }],
    [['--web-dashboard-global', 'false', '--', ...SERENA], { ...NONE, isGlobal: false }],
    [['--', ...SERENA, '--web-dashboard-global'], { ...NONE, isGlobal: true }],
    [
      ['--', 'serena', 'start-mcp-server', '--web-dashboard-global-open-on-launch', 'True', '--project', '.'],
      { ...NONE, opensOnLaunch: true },
    ],
    [
      ['--web-dashboard-global-port=4711', '--', ...SERENA, '--idle-shutdown-minutes', '0.5'],
      { ...NONE, globalPort: 4711, idleShutdownMinutes: 0.5 },
    ],
    [
      ['--web-dashboard-global=no', '--', ...SERENA, '--web-dashboard-global=yes'],
      { ...NONE, isGlobal: true },
    ],
  ])('%j', (words, flags) => {
    expect(parseWrapWords(words)).toEqual({ flags, command: SERENA })
  })

  it('leaves what looks like ours within other words', () => {
    const command = ['sh', '-c', 'serena start-mcp-server --web-dashboard-global', '--', 'x']
    expect(parseWrapWords(['--', ...command]).command).toEqual(command)
  })
})

describe('what is refused, with what to do', () => {
  it.each([
    [[]],
    [['--']],
    [['serena', 'start-mcp-server']],
    [['--unknown', '--', ...SERENA]],
    [['--web-dashboard-global=perhaps', '--', ...SERENA]],
    [['--web-dashboard-global-port', '--', ...SERENA]],
    [['--web-dashboard-global-port=0', '--', ...SERENA]],
    [['--web-dashboard-global-port=65536', '--', ...SERENA]],
    [['--idle-shutdown-minutes', '0', '--', ...SERENA]],
    [['--idle-shutdown-minutes=-5', '--', ...SERENA]],
    [['--', ...SERENA, '--idle-shutdown-minutes=soon']],
    [['--', ...SERENA, '--idle-shutdown-minutes']],
  ])('%j', (words) => {
    let error: unknown = null
    try {
      parseWrapWords(words)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AppError)
    if (!(error instanceof AppError)) return
    expect(error.code).toBe('wrong-use')
    expect(error.message.length + ERRORS[error.code].fix(error.data).length).toBeGreaterThan(20)
  })
})
