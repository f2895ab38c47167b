import { expect, test } from 'vitest'
import { processFact } from '../os/process-fact.fixture.ts'
import { createLaunchTexts, type LaunchTextsDeps } from './launch-texts.ts'

type Found = NonNullable<ReturnType<LaunchTextsDeps['find']>>

const textsOf = (argv: readonly string[], wrapper?: readonly string[]) =>
  createLaunchTexts({
    platform: 'linux',
    find: (id) =>
      id !== '1-a'
        ? null
        : ({
            serena: {
              process: processFact({ argv }),
              wrappers: wrapper ? [processFact({ argv: wrapper })] : [],
            },
            home: { details: { cwd: '/w/shop' }, serenaHome: '/h/.serena' },
          } as unknown as Found),
  })

test('returns the command for a shell, and an entry for each client with the same command', async () => {
  const { command, snippets } = await textsOf(
    ['python', '/x/serena', 'start-mcp-server'],
    ['uvx', 'serena', 'start-mcp-server', '--project', '/w/my shop'],
  ).of('1-a')
  expect(command).toBe(
    "cd /w/shop && SERENA_HOME=/h/.serena uvx serena start-mcp-server --project '/w/my shop'",
  )
  const textFor = (name: string): string => snippets.find(({ client }) => client === name)?.text ?? ''
  expect(JSON.parse(textFor('Claude Code'))).toEqual({
    mcpServers: {
      serena: {
        type: 'stdio',
        command: 'uvx',
        args: ['serena', 'start-mcp-server', '--project', '/w/my shop'],
      },
    },
  })
  expect(textFor('Codex')).toContain('[mcp_servers.serena]\ncommand = "uvx"')
})

test('masks secrets, also in the entries', async () => {
  const { command, snippets } = await textsOf([
    'uvx',
    '--token',
    'hunter2',
    '--from',
    'git+https://me:pw@host/x',
  ]).of('1-a')
  for (const text of [command, ...snippets.map((one) => one.text)]) {
    expect(text).toContain('********')
    expect(text).not.toMatch(/hunter2|me:pw/)
  }
})

test('knows no entry without arguments, and no unknown instance', async () => {
  expect(await textsOf([]).of('1-a')).toEqual({ command: null, snippets: [] })
  await expect(textsOf([]).of('2-b')).rejects.toThrow('No such instance')
})
