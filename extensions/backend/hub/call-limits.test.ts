import { describe, expect, it } from 'vitest'
import { toolTimeout } from './call-limits.ts'

const COMMAND = ['serena', 'start-mcp-server']

describe('toolTimeout', () => {
  it.each([
    ['', 240],
    ['language_backend: LSP\n', 240],
    ['tool_timeout: 600\n', 600],
    ['tool_timeout: 30.5 # seconds\nother: 1\n', 30.5],
    ['# tool_timeout: 30\n', 240],
    ['tool_timeout:\n', null],
    ['tool_timeout: null\n', null],
    ['tool_timeout: -1\n', null],
    ['tool_timeout: "60"\n', null],
  ])('reads %j as %s', (text, seconds) => {
    expect(toolTimeout(COMMAND, text)).toBe(seconds)
  })

  it('prefers the last flag of the command', () => {
    const settings = 'tool_timeout: 600\n'
    expect(toolTimeout([...COMMAND, '--tool-timeout', '20'], settings)).toBe(20)
    expect(toolTimeout([...COMMAND, '--tool-timeout', '20', '--tool-timeout=30'], settings)).toBe(30)
    expect(toolTimeout([...COMMAND, '--tool-timeout'], settings)).toBeNull()
  })
})
