// Language servers and viewers among the children of a Serena, by command lines as Serena 0.1.4 to 2.1.0 starts them.
import { describe, expect, it } from 'vitest'
import { processFact } from '../os/process-fact.fixture.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { serverNameOf } from './language-servers.ts'
import { leftKindOf } from './process-role.ts'
import { serenaProcess } from './serena-process.fixture.ts'

const serena = serenaProcess({
  process: processFact({ pid: 10, ppid: 5, sid: 5, pgid: 5, argv: ['serena'] }),
})

const child = (change: Partial<ProcessFact>) => processFact({ ppid: 10, ...change })
const STORE = '/home/ada/.serena/language_servers/static'

it.each([
  [
    [
      'node',
      `${STORE}/TypeScriptLanguageServer/ts-lsp/node_modules/.bin/typescript-language-server`,
      '--stdio',
    ],
    'typescript-language-server',
  ],
  [
    [
      '/bin/sh',
      '-c',
      `${STORE}/TypeScriptLanguageServer/ts-lsp/node_modules/.bin/typescript-language-server --stdio`,
    ],
    'typescript-language-server',
  ],
  [['/venv/bin/python3', '-m', 'pyright.langserver', '--stdio'], 'pyright.langserver'],
  [['/usr/bin/gopls'], 'gopls'],
  [['rust-analyzer'], 'rust-analyzer'],
  [['C:\\tools\\clangd.exe', '--background-index'], 'clangd.exe'],
  [['R', '--slave', '-e', 'languageserver::run()'], 'languageserver::run()'],
  [['perl', '-MPerl::LanguageServer', '-e', 'Perl::LanguageServer::run'], '-MPerl::LanguageServer'],
  [['haskell-language-server-wrapper', '--lsp'], 'haskell-language-server-wrapper'],
  [['terraform-ls', 'serve'], 'terraform-ls'],
  [['/opt/elixir/expert', '--stdio'], 'expert'],
])('%j is one', (argv, name) => {
  expect(leftKindOf(child({ argv }), serena)).toBe('language server')
  expect(serverNameOf(child({ argv }))).toBe(name)
})

describe('none is', () => {
  const server = ['gopls']
  it.each<[string, Partial<ProcessFact>]>([
    [
      'what a tool runs: it shares the session of its Serena',
      { argv: ['/bin/sh', '-c', 'gopls check .'], sid: 5, pgid: 5 },
    ],
    ['a grandchild: its session is remembered instead', { argv: server, ppid: 19 }],
    ['a program of its own session with another name', { argv: ['npm', 'run', 'dev'] }],
    ['`ls`', { argv: ['ls', '-l'] }],
    ['a process with an unreadable command line', { argv: null }],
    ['on macOS: a member of another group', { argv: server, sid: null, pgid: 5 }],
    ['a program in a folder that is named like one', { argv: ['vim', '/src/my-language-server/notes.txt'] }],
  ])('%s', (_, row) => {
    expect(leftKindOf(child(row), serena)).toBeNull()
  })
})

it('without sessions the name and the parent decide', () => {
  expect(leftKindOf(child({ argv: ['gopls'], sid: null, pgid: 20 }), serena)).toBe('language server')
  expect(leftKindOf(child({ argv: ['gopls.exe'], sid: null, pgid: null }), serena)).toBe('language server')
})

it.each([
  [['/venv/bin/serena', 'dashboard-viewer', 'http://127.0.0.1:24282/dashboard/']],
  [
    [
      'python',
      '-c',
      'from multiprocessing.spawn import spawn_main; spawn_main(parent_pid=10)',
      '--multiprocessing-fork',
    ],
  ],
])('%j is a viewer', (argv) => {
  expect(leftKindOf(child({ argv, sid: 5, pgid: 5 }), serena)).toBe('viewer')
})

it('what has no telling name is called by the kernel’s', () => {
  expect(serverNameOf(child({ argv: ['java', '-jar', 'x.jar'], name: 'java' }))).toBe('java')
  expect(serverNameOf(child({ argv: null, name: 'node' }))).toBe('node')
})
