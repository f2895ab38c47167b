// Whose a process is: trees as Serena 1.7.0 and 2.1.0 have them, with what tools, pop-ups and the JetBrains backend start.
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { growTree, type Tree, treeFrom, treeOfRoots } from './process-tree.ts'
import { serenaProcess } from './serena-process.fixture.ts'

const HOME = '/home/ada/.serena'
const TYPESCRIPT = `${HOME}/language_servers/static/TypeScriptLanguageServer/ts-lsp/node_modules`
const SERENA_ARGV = ['/venv/bin/python', '/venv/bin/serena', 'start-mcp-server', '--project', '/src/shop']

type Row = Partial<ProcessFact> & { pid: number; ppid: number; argv: string[] | null }

const factOf = (row: Row): ProcessFact => processFact({ pgid: row.sid ?? 5, sid: 5, ...row })

const tableOf = (...rows: Row[]): ProcessTable => processTable(...rows.map(factOf))

const SERENA: Row = { pid: 10, ppid: 5, argv: SERENA_ARGV }

function treeOf(table: ProcessTable): Tree {
  const process = table.byPid.get(10)
  if (!process) throw new Error('no Serena')
  return treeFrom(serenaProcess({ process }))
}

const none = (): boolean => false

function split(tree: Tree, table: ProcessTable): { ends: number[]; stays: number[] } {
  const { living, others } = growTree(tree, table, none)
  return { ends: living.map(({ pid }) => pid), stays: others.map(({ pid }) => pid) }
}

const whose = (...rows: Row[]): { ends: number[]; stays: number[] } => {
  const table = tableOf(SERENA, ...rows)
  return split(treeOf(table), table)
}

describe('ends with its Serena', () => {
  it('the TypeScript server of 1.7.0 and 2.1.0 with all that it starts', () => {
    const server = ['node', `${TYPESCRIPT}/.bin/typescript-language-server`, '--stdio']
    const tsserver = [
      '/usr/bin/node',
      `${TYPESCRIPT}/typescript/lib/tsserver.js`,
      '--serverMode',
      'syntactic',
    ]
    expect(
      whose(
        { pid: 20, ppid: 10, sid: 20, argv: server },
        { pid: 21, ppid: 20, sid: 20, argv: tsserver },
        { pid: 22, ppid: 20, sid: 20, argv: tsserver },
        { pid: 23, ppid: 22, sid: 20, argv: ['node', `${TYPESCRIPT}/typescript/lib/typingsInstaller.js`] },
      ),
    ).toEqual({ ends: [10, 20, 21, 22, 23], stays: [] })
  })

  it.each<[string, string[]]>([
    ['a shell before 1.7.0', ['/bin/sh', '-c', `${TYPESCRIPT}/.bin/typescript-language-server --stdio`]],
    ['pyright', ['/venv/bin/python', '-m', 'pyright.langserver', '--stdio']],
    ['ty', ['/venv/bin/ty', 'server']],
    ['R', ['R', '--slave', '-e', 'options(languageserver.debug_mode = FALSE); languageserver::run()']],
    ['Julia', ['julia', '--startup-file=no', '-e', 'using LanguageServer; runserver()', '/src/shop']],
    ['Perl', ['perl', '-MPerl::LanguageServer', '-e', 'Perl::LanguageServer::run']],
    ['OCaml', ['opam', 'exec', '--', 'ocamllsp', '--fallback-read-dot-merlin']],
    ['Ruby', ['rbenv', 'exec', 'bundle', 'exec', 'ruby-lsp']],
    ['Dart', ['/opt/dart/bin/dart', 'language-server', '--client-id', 'serena']],
    ['Deno', ['/usr/bin/deno', 'lsp']],
    ['PHP', ['php', `${HOME}/language_servers/static/PHPActor/phpactor.phar`, 'language-server']],
    [
      'Java',
      [
        '/usr/bin/java',
        '-Xmx3G',
        '-jar',
        `${HOME}/language_servers/static/EclipseJDTLS/plugins/org.eclipse.equinox.launcher_1.7.jar`,
        '-data',
        '/tmp/x',
      ],
    ],
    ['Kotlin', ['java', '-cp', `${HOME}/language_servers/static/Kotlin/lib/*`, 'com.x.KotlinServerKt']],
    ['a path that the person configured', ['/opt/tools/my-server', '--stdio']],
    ['Haskell', ['/ghcup/haskell-language-server-wrapper-2.9', '--lsp', '--cwd', '/src/shop']],
  ])('a server that leads its session: %s', (_, argv) => {
    const child = { pid: 21, ppid: 20, sid: 20, argv: ['/usr/bin/anything'] }
    expect(whose({ pid: 20, ppid: 10, sid: 20, argv }, child)).toEqual({ ends: [10, 20, 21], stays: [] })
  })

  it('programs in Serena’s folder, in any session', () => {
    expect(
      whose(
        { pid: 20, ppid: 10, argv: [`${HOME}/language_servers/static/Lua/bin/helper`] },
        { pid: 21, ppid: 10, argv: ['node', '--max-old-space-size=1', '/home/ada/.solidlsp/x/server.js'] },
        { pid: 22, ppid: 1, argv: [`${HOME}/language_servers/static/Lua/bin/helper`] },
      ),
    ).toEqual({ ends: [10, 20, 21], stays: [] })
  })

  it('its forks, its helper processes and its own windows', () => {
    expect(
      whose(
        { pid: 20, ppid: 10, argv: SERENA_ARGV },
        {
          pid: 21,
          ppid: 10,
          argv: ['python', '-c', 'from multiprocessing.resource_tracker import main;main(5)'],
        },
        {
          pid: 22,
          ppid: 10,
          argv: ['python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main()'],
        },
        { pid: 23, ppid: 22, argv: ['/usr/lib/webkit2gtk-4.1/WebKitWebProcess', '7', '21'] },
        {
          pid: 24,
          ppid: 10,
          argv: ['python', '-c', "import webbrowser; webbrowser.open('http://127.0.0.1:1/')"],
        },
      ),
    ).toEqual({ ends: [10, 20, 21, 22, 23, 24], stays: [] })
  })

  it('the rest of a server’s session after the server and its own parent have exited', () => {
    const server: Row = { pid: 20, ppid: 10, sid: 20, argv: ['gopls'] }
    const helper: Row = { pid: 21, ppid: 20, sid: 20, argv: ['/usr/bin/helper'] }
    const before = tableOf(SERENA, server, helper)
    const { tree } = growTree(treeOf(before), before, none)
    const late: Row = { pid: 22, ppid: 1, sid: 20, argv: ['/usr/bin/late'] }
    expect(split(tree, tableOf(SERENA, { ...helper, ppid: 1 }, late))).toEqual({
      ends: [10, 21, 22],
      stays: [],
    })
  })
})

describe('is left running', () => {
  it.each<[string, Row[]]>([
    [
      'the IDE of the JetBrains backend',
      [
        { pid: 20, ppid: 10, argv: ['/bin/sh', '-c', '/opt/idea/bin/idea /src/shop'] },
        { pid: 21, ppid: 20, argv: ['/opt/idea/bin/idea64', '/src/shop'] },
        { pid: 22, ppid: 21, argv: ['/opt/idea/bin/fsnotifier'] },
      ],
    ],
    [
      'an IDE that leads its session, with a project that is named like a server',
      [
        {
          pid: 20,
          ppid: 10,
          sid: 20,
          argv: [
            '/opt/idea/jbr/bin/java',
            '-cp',
            '/opt/idea/lib/x.jar',
            'com.intellij.idea.Main',
            '/src/my-language-server',
          ],
        },
      ],
    ],
    [
      'an editor in such a folder',
      [{ pid: 20, ppid: 10, sid: 20, argv: ['code', '/src/my-language-server'] }],
    ],
    [
      'an editor with a file of Serena’s folder',
      [{ pid: 20, ppid: 10, sid: 20, argv: ['vim', `${HOME}/language_servers/static/x/settings.json`] }],
    ],
    [
      'the browser below the pop-up’s helper',
      [
        {
          pid: 20,
          ppid: 10,
          argv: ['python', '-c', "import webbrowser; webbrowser.open('http://127.0.0.1:1/')"],
        },
        { pid: 21, ppid: 20, argv: ['/usr/lib/firefox/firefox', 'http://127.0.0.1:1/'] },
        { pid: 22, ppid: 21, argv: ['/usr/lib/firefox/firefox', '-contentproc'] },
      ],
    ],
    [
      'a browser that Python starts in a session of its own',
      [{ pid: 20, ppid: 10, sid: 20, argv: ['/usr/lib/firefox/firefox', 'http://127.0.0.1:1/'] }],
    ],
    [
      'the shell of a tool, and a server by name below it',
      [
        { pid: 20, ppid: 10, argv: ['/bin/sh', '-c', 'gopls serve & node dev-server.js'] },
        { pid: 21, ppid: 20, argv: ['gopls', 'serve'] },
        { pid: 22, ppid: 20, argv: ['node', 'dev-server.js'] },
      ],
    ],
    [
      'a development server',
      [{ pid: 20, ppid: 10, sid: 20, argv: ['node', '/src/a-language-server/dev-server.js'] }],
    ],
    [
      'a file server of such a folder',
      [
        {
          pid: 20,
          ppid: 10,
          sid: 20,
          argv: ['python3', '-m', 'http.server', '-d', '/src/a-language-server'],
        },
      ],
    ],
    ['a terminal', [{ pid: 20, ppid: 10, sid: 20, argv: ['/usr/bin/xterm', '-e', 'bash'] }]],
    ['what hides its command line', [{ pid: 20, ppid: 10, sid: 20, argv: null }]],
  ])('%s', (_, rows) => {
    const isHelper = ({ argv }: Row): boolean =>
      argv?.some((word) => word.startsWith('import webbrowser')) ?? false
    expect(whose(...rows)).toEqual({
      ends: [10, ...rows.filter(isHelper).map(({ pid }) => pid)],
      stays: rows.filter((row) => !isHelper(row)).map(({ pid }) => pid),
    })
  })

  it('a background program of a tool, with parent 1 in a session that Serena leads', () => {
    const leader = { ...SERENA, sid: 10 }
    const table = tableOf(leader, { pid: 20, ppid: 1, sid: 10, argv: ['node', 'server.js'] })
    expect(split(treeOf(table), table)).toEqual({ ends: [10], stays: [20] })
  })

  it('what a fork of Serena has become meanwhile, also when its parent has exited', () => {
    const before = tableOf(SERENA, { pid: 20, ppid: 10, argv: SERENA_ARGV })
    const { tree } = growTree(treeOf(before), before, none)
    expect(split(tree, tableOf(SERENA, { pid: 20, ppid: 10, argv: ['idea64'] }))).toEqual({
      ends: [10],
      stays: [20],
    })
    expect(split(tree, tableOf({ pid: 20, ppid: 1, argv: ['idea64'] }))).toEqual({ ends: [], stays: [20] })
  })

  it('a program of the user after all its ancestors have exited', () => {
    const shell: Row = { pid: 20, ppid: 10, argv: ['sh', '-c', 'x'] }
    const program: Row = { pid: 21, ppid: 20, argv: ['idea64'] }
    const before = tableOf(SERENA, shell, program)
    const { tree } = growTree(treeOf(before), before, none)
    expect(split(tree, tableOf({ ...program, ppid: 1 }))).toEqual({ ends: [], stays: [21] })
  })
})

it('ends the whole tree if the user chose so', () => {
  const table = tableOf(SERENA, { pid: 20, ppid: 10, argv: ['idea64'] })
  const tree = { ...treeOf(table), includesPersons: true }
  expect(split(tree, table)).toEqual({ ends: [10, 20], stays: [] })
})

describe('below launchers', () => {
  const isSerena = ({ argv }: ProcessFact): boolean => argv?.includes('start-mcp-server') ?? false
  const launcher: Row = { pid: 9, ppid: 1, sid: 9, argv: ['/bin/sh', '/usr/bin/xvfb-run', '-a', 'serena'] }

  it('everything down to the Serena ends; below it the rule is the same', () => {
    const table = tableOf(
      launcher,
      { pid: 11, ppid: 9, sid: 9, argv: ['Xvfb', ':99'] },
      { ...SERENA, ppid: 9, sid: 9 },
      { pid: 20, ppid: 10, sid: 20, argv: ['gopls'] },
      { pid: 21, ppid: 10, sid: 9, argv: ['idea64'] },
      { pid: 22, ppid: 1, sid: 9, argv: ['node', 'server.js'] },
    )
    const root = factOf(launcher)
    const tree = { ...treeOfRoots([root], 'launcher'), isSerena }
    expect(split(tree, table)).toEqual({ ends: [9, 11, 10, 20], stays: [21, 22] })
  })
})

it('what a Serena left behind ends with all below it', () => {
  const server: Row = { pid: 20, ppid: 1, sid: 20, argv: ['gopls'] }
  const table = tableOf(server, { pid: 21, ppid: 20, sid: 20, argv: ['go', 'list'] })
  expect(split(treeOfRoots([factOf(server)]), table)).toEqual({ ends: [20, 21], stays: [] })
})
