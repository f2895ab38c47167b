// The SERENA_HOME that a Serena takes (compared with Python's own answers), and what a log's name says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLogName, resolveSerenaHome, stripBlanks } from './serena-home.ts'

const resolved = (environment: Record<string, string>, cwd: string | null = '/place') =>
  resolveSerenaHome({ environment, cwd, userHome: '/home/ana', platform: 'linux' })

describe('resolveSerenaHome', () => {
  it.each([
    [{ SERENA_HOME: '/s', HOME: '/h' }, '/s'],
    [{ SERENA_HOME: ' /s x\t\n', HOME: '/h' }, '/s x'],
    [{ SERENA_HOME: 'deck home', HOME: '/h' }, '/place/deck home'],
    [{ SERENA_HOME: '../s', HOME: '/h' }, '/s'],
    [{ SERENA_HOME: '~/x', HOME: '/h' }, '/place/~/x'],
    [{ SERENA_HOME: '', HOME: '/h' }, '/h/.serena'],
    [{ SERENA_HOME: ' \u2003', HOME: '/h' }, '/h/.serena'],
    [{ HOME: 'x' }, '/place/x/.serena'],
    [{ HOME: '' }, '/.serena'],
    [{ HOME: '/tmp/' }, '/tmp/.serena'],
    [{}, '/home/ana/.serena'],
    [{ HOME: '~' }, null],
  ])('%j is %s', (environment: Record<string, string>, home) => {
    expect(resolved(environment)).toBe(home)
  })

  it('is unknown if it is relative and the working folder is unknown, or missing and the user database is unknown', () => {
    expect(resolved({ SERENA_HOME: 'x' }, null)).toBeNull()
    expect(resolved({ SERENA_HOME: '/x' }, null)).toBe('/x')
    const facts = { environment: {}, cwd: '/', userHome: null, platform: 'linux' as const }
    expect(resolveSerenaHome(facts)).toBeNull()
  })

  it('uses USERPROFILE on Windows', () => {
    const facts = { cwd: 'C:\\w', userHome: null, platform: 'win32' as const }
    expect(resolveSerenaHome({ ...facts, environment: { USERPROFILE: 'C:\\U', HOME: '/h' } })).toBe(
      'C:\\U\\.serena',
    )
    expect(resolveSerenaHome({ ...facts, environment: { SERENA_HOME: 'x ' } })).toBe('C:\\w\\x')
  })

  it('strips what Python strips, and no byte order mark', () => {
    expect(stripBlanks('\u0085\u001f a\u00a0b \u3000')).toBe('a\u00a0b')
    expect(stripBlanks('\ufeffa')).toBe('\ufeffa')
  })
})

describe('parseLogName', () => {
  it.each([
    ['/s/logs/2026-11-29/mcp_20261129-101500_42.txt', { serenaHome: '/s', pid: 42, isExact: true }],
    ['/logs/2026-11-29/mcp_20261129-101500_42.txt', { serenaHome: '/', pid: 42, isExact: true }],
    ['/s/logs/2026-11-29/mcp_20261129-101500.txt', { serenaHome: '/s', pid: null, isExact: true }],
    ['C:\\s\\logs\\2026-11-29\\mcp_20261129-101500_42.txt', { serenaHome: 'C:\\s', pid: 42, isExact: true }],
    ['/s/logs/today/mcp_x_42.txt', { serenaHome: '/s', pid: 42, isExact: false }],
    ['/s/logs/mcp_20261129-101500_42.txt', null],
    ['/s/logs/2026-11-29/project-server_20261129-101500_42.txt', null],
    ['/s/logs/2026-11-29/mcp_20261129-101500_42.txt.gz', null],
    ['/s/logs/2026-11-29/mcp_notes.txt', null],
  ])('%s', (file, name) => {
    expect(parseLogName(file)).toEqual(name)
  })

  it('accepts any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseLogName(text)))
  })
})
