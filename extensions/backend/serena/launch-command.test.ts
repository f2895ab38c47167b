// The line to copy: a real shell reads from it what it was made of, and no secret is in it.
import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellWord } from '../lib/quoting.ts'
import { splitCommandLine } from '../os/windows/split-command-line.ts'
import { launchCommand } from './launch-command.ts'

const argv = ['uvx', '--from', 'serena-agent==2.1.0', 'serena', 'start-mcp-server', '--project', '/my shop']

describe('launchCommand', () => {
  it('goes to the folder, names the home, and quotes what needs it', () => {
    expect(launchCommand({ argv, cwd: "/home/ada/it's", serenaHome: '/home/ada/.serena' }, 'linux')).toBe(
      `cd '/home/ada/it'\\''s' && SERENA_HOME=/home/ada/.serena uvx --from serena-agent==2.1.0 serena start-mcp-server --project '/my shop'`,
    )
    expect(launchCommand({ argv: ['serena'], cwd: null, serenaHome: null }, 'linux')).toBe('serena')
    expect(launchCommand({ argv: [], cwd: '/', serenaHome: null }, 'linux')).toBeNull()
  })

  it('on Windows it is for cmd', () => {
    const command = launchCommand({ argv, cwd: 'C:\\my shop', serenaHome: 'C:\\h' }, 'win32')
    expect(command).toBe(
      'cd /d "C:\\my shop" && set "SERENA_HOME=C:\\h" && uvx --from serena-agent==2.1.0 serena start-mcp-server --project "/my shop"',
    )
  })

  it.each([
    [['serena', '--api-key', 'hunter2', 'x'], "serena --api-key '********' x"],
    [['serena', '--auth-token=hunter2'], "serena '--auth-token=********'"],
    [['env', 'OPENAI_API_KEY=hunter2', 'serena'], "env 'OPENAI_API_KEY=********' serena"],
    [
      ['uvx', '--from', 'git+https://hunter2@github.com/a/b', 'serena'],
      "uvx --from 'git+https://********@github.com/a/b' serena",
    ],
    [['uvx', '--from', 'git+ssh://git@github.com/a/b'], 'uvx --from git+ssh://git@github.com/a/b'],
    [['serena', '--token', '--project', 'x'], 'serena --token --project x'],
  ])('masks secrets of %j', (words, command) => {
    expect(launchCommand({ argv: words, cwd: null, serenaHome: null }, 'linux')).toBe(command)
  })
})

it.runIf(process.platform !== 'win32')('a shell splits every line into the same words', () => {
  const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`
      const said = execFileSync('sh', ['-c', script]).toString()
      expect(said.split('\0').slice(0, -1)).toEqual(words.map((one) => Buffer.from(one).toString()))
    }),
    { numRuns: 60 },
  )
})

it('so does a Windows program', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string().filter((text) => !text.includes('\0')),
        { maxLength: 6 },
      ),
      (words) => {
        const command = launchCommand({ argv: ['p', ...words], cwd: null, serenaHome: null }, 'win32')
        const isMasked = command?.includes('********')
        if (!isMasked) expect(splitCommandLine(command ?? '')).toEqual(['p', ...words])
      },
    ),
  )
})
