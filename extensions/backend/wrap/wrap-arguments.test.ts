// The words after `wrap`.
import { describe, expect, it } from 'vitest'
import { AppError, ERRORS } from '#contract/errors'
import { parseWrapArguments } from './wrap-arguments.ts'

const NONE = { isGlobal: null, opensOnLaunch: null, globalPort: null, idleShutdownMinutes: null }
const SERENA = ['serena', 'start-mcp-server', '--project', '.'] as const

describe('flags and command', () => {
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
    // What clients make of the `--`: dropped, doubled, moved, or only what follows the last one is kept.
    [[...SERENA], NONE],
    [['--', '--', ...SERENA], NONE],
    [['--web-dashboard-global', ...SERENA], { ...NONE, isGlobal: true }],
    [['--web-dashboard-global', 'true', ...SERENA], { ...NONE, isGlobal: true }],
    [['--', '--web-dashboard-global=no', '--', ...SERENA], { ...NONE, isGlobal: false }],
    [['--', '--idle-shutdown-minutes', '5', ...SERENA], { ...NONE, idleShutdownMinutes: 5 }],
    [
      ['--web-dashboard-global-port', '4711', ...SERENA, '--web-dashboard-global'],
      { ...NONE, globalPort: 4711, isGlobal: true },
    ],
  ])('%j', (words, flags) => {
    expect(parseWrapArguments(words)).toEqual({ flags, command: SERENA })
  })

  it('keeps arguments that contain the name of a flag', () => {
    const command = ['sh', '-c', 'serena start-mcp-server --web-dashboard-global', '--', 'x']
    expect(parseWrapArguments(['--', ...command]).command).toEqual(command)
    expect(parseWrapArguments(command).command).toEqual(command)
  })

  it('takes an argument as the value of a switch only if it is one, and only before a --', () => {
    expect(parseWrapArguments(['--web-dashboard-global', '--', 'true']).command).toEqual(['true'])
    expect(parseWrapArguments(['--web-dashboard-global', 'uvx', 'serena']).command).toEqual(['uvx', 'serena'])
  })

  it('reports an unknown flag before the command', () => {
    expect(() => parseWrapArguments(['--project', '.', ...SERENA])).toThrow(
      'Unknown flag "--project" of wrap; place the flags of the command after it',
    )
  })
})

describe('refuses, and says what to do', () => {
  it.each([
    [[]],
    [['--']],
    [['']],
    [['--', '--']],
    [['--web-dashboard-global']],
    [['--web-dashboard-global', 'true']],
    [['--unknown', '--', ...SERENA]],
    [['--', '--unknown', ...SERENA]],
    [['--web-dashboard-global', '-x', ...SERENA]],
    [['--web-dashboard-globally', ...SERENA]],
    [['--idle-shutdown-minutes', '--', ...SERENA]],
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
      parseWrapArguments(words)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AppError)
    if (!(error instanceof AppError)) return
    expect(error.code).toBe('wrong-use')
    expect(error.message.length + ERRORS[error.code].fix(error.data).length).toBeGreaterThan(20)
  })
})
