// Which command lines are Serenas, which are launchers of one, and which only carry the words.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSerenaCommand, parseUnusualCommand } from './command-line.ts'

const role = (...argv: string[]) => parseSerenaCommand(argv)?.role ?? null
const DASH_C = 'from serena.cli import top_level; top_level()'
const command = (...args: string[]) => parseSerenaCommand(['serena', 'start-mcp-server', ...args])?.command

describe('parseSerenaCommand', () => {
  it.each([
    [['/venv/bin/python', '/venv/bin/serena', 'start-mcp-server']],
    [['/venv/bin/python3.11', '-u', '-X', 'utf8', '/venv/bin/serena', 'start-mcp-server', '--project', 'x']],
    [['serena', 'start-mcp-server']],
    [['/opt/serena-agent', 'start-mcp-server']],
    [['/venv/bin/python', '/venv/bin/serena-mcp-server', '--project', 'x']],
    [['serena-mcp-server']],
    [['python', '-m', 'serena', 'start-mcp-server']],
    [['python3', '-m', 'serena.cli', 'start-mcp-server']],
    [
      [
        'C:\\Users\\Ana Maria\\venv\\Scripts\\python.exe',
        'C:\\venv\\Scripts\\serena.exe',
        'start-mcp-server',
      ],
    ],
    [['C:\\venv\\Scripts\\serena.exe', 'start-mcp-server']],
    [['node', '/tmp/demo/bin/serena', 'start-mcp-server']],
    [['node', '--import', 'tsx', '/tmp/demo/bin/serena', 'start-mcp-server']],
    [
      [
        '/nix/store/abc-python3-3.11.9/bin/python3.11',
        '/nix/store/x/bin/.serena-wrapped',
        'start-mcp-server',
      ],
    ],
    [['/nix/store/x/bin/.serena-wrapped', 'start-mcp-server']],
    [['python', '/x/..serena-wrapped-wrapped_', 'start-mcp-server']],
    [['python', '-I', '-X', 'utf8', '-W', 'ignore', '/venv/bin/serena', 'start-mcp-server']],
    [['python3.13t', '-OO', '-Xutf8', '-Wignore', '-u', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '-X', '-m', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '--check-hash-based-pycs', 'always', '--', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '-mserena.cli', 'start-mcp-server']],
    [['python', '-Im', 'serena.cli', 'start-mcp-server']],
    [['python', '-c', 'from serena.cli import top_level; top_level()', 'start-mcp-server', '--project', 'x']],
    [['python', '-Ic', 'import serena.cli as c\nc.start_mcp_server()', '--project', 'x']],
    [['python', '-c', "import runpy; runpy.run_module('serena', run_name='__main__')", 'start-mcp-server']],
    [
      [
        'python',
        '-c',
        "import sys; sys.argv = ['x', 'start-mcp-server']; from serena.cli import *; top_level()",
      ],
    ],
    [['python', '/x/site-packages/serena/cli.py', 'start-mcp-server']],
    [['python', '-m', 'coverage', 'run', '--source', 'serena', '-m', 'serena.cli', 'start-mcp-server']],
    [['/venv/bin/coverage', 'run', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '/venv/bin/coverage', 'run', '-p', '/venv/bin/serena', 'start-mcp-server']],
    [
      [
        'python',
        '-m',
        'debugpy',
        '--listen',
        '5678',
        '--wait-for-client',
        '-m',
        'serena.cli',
        'start-mcp-server',
      ],
    ],
    [
      [
        'python',
        '-Xfrozen_modules=off',
        '-m',
        'debugpy',
        '--configure-qt',
        'none',
        '--connect',
        '1',
        '/x/serena',
        'start-mcp-server',
      ],
    ],
    [['python', '-m', 'cProfile', '-o', 'x.prof', '/venv/bin/serena', 'start-mcp-server']],
    [
      [
        '/lib64/ld-linux-x86-64.so.2',
        '--library-path',
        '/x',
        '/usr/bin/python3',
        '/x/serena',
        'start-mcp-server',
      ],
    ],
    [['pypy3.10', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '/x/serena.pyz', 'start-mcp-server']],
    [['C:\\v\\python.exe', 'C:\\v\\Scripts\\serena-script.py', 'start-mcp-server']],
  ])('%j is a Serena', (argv) => {
    expect(role(...argv)).toBe('serena')
  })

  it.each([
    [['uvx', '--from', 'git+https://example.org/serena', 'serena', 'start-mcp-server']],
    [['uv', 'tool', 'uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server']],
    [['uv', 'run', '--directory', '/src/serena', 'serena', 'start-mcp-server', '--context', 'ide']],
    [['uv', 'tool', 'run', '--from', 'serena-agent==2.1.0', 'serena', 'start-mcp-server']],
    [['/bin/sh', '-c', 'cd /x && exec serena start-mcp-server --project "my shop"']],
    [['bash', '-lc', 'FOO=1 uvx --from serena-agent serena start-mcp-server']],
    [['cmd.exe', '/c', 'serena start-mcp-server']],
    [['C:\\Windows\\cmd.exe', '/d', '/s', '/c', '"C:\\v\\serena.exe" start-mcp-server']],
    [['env', 'A=b', 'serena', 'start-mcp-server']],
    [['nohup', 'serena', 'start-mcp-server']],
    [['timeout', '60', 'serena', 'start-mcp-server']],
    [['node', '/x/dist/backend/cli.js', 'wrap', '--', 'serena', 'start-mcp-server']],
    [['node', '/usr/lib/npx-cli.js', 'uvx', 'serena', 'start-mcp-server']],
    [['node', '/usr/lib/npx-cli.js', '-y', 'serena-deck', 'wrap', '--', 'serena', 'start-mcp-server']],
    [['node', '--max-semi-space-size=1', '/usr/bin/serena-deck', 'wrap', '--', 'serena', 'start-mcp-server']],
    [['/opt/serena-deck', 'wrap', '--web-dashboard-global', '--', 'uvx', 'serena', 'start-mcp-server']],
    [['npm exec serena-deck wrap -- serena start-mcp-server', '', '']],
    [['node', '/x/cli.js', 'wrap', 'serena', 'start-mcp-server']],
    [['node', '/x/cli.js', 'wrap', '--web-dashboard-global', 'uvx', 'serena', 'start-mcp-server']],
    [['node', '/x/cli.js', 'wrap', '--', '--idle-shutdown-minutes', '5', '--', 'serena', 'start-mcp-server']],
    [['sh', '-c', "'serena-deck' wrap -- serena start-mcp-server"]],
    [['mise', 'exec', '--', 'serena', 'start-mcp-server']],
    [['setpriv', '--pdeathsig', 'TERM', '/venv/bin/serena', 'start-mcp-server']],
    [['pdm', 'run', '-p', '/src/serena', 'serena', 'start-mcp-server']],
    [['python', '/usr/bin/poetry', '-C', '/src', 'run', 'serena', 'start-mcp-server']],
    [['python', '-I', '-m', 'pdm', 'run', 'serena', 'start-mcp-server']],
    [['hatch', '-e', 'dev', 'run', 'serena', 'start-mcp-server']],
    [['conda', 'run', '--no-capture-output', '-n', 'ml', 'serena', 'start-mcp-server']],
    [['python', '/opt/conda/bin/conda', 'run', '-n', 'ml', 'python', '-m', 'serena.cli', 'start-mcp-server']],
    [['rye', 'run', 'serena', 'start-mcp-server']],
    [['pixi', 'run', '--manifest-path', '/x/pixi.toml', 'serena', 'start-mcp-server']],
    [['xvfb-run', '-a', '-s', '-screen 0 1x1x8', 'serena', 'start-mcp-server']],
    [['unshare', '-p', '-f', '--mount-proc', '/venv/bin/serena', 'start-mcp-server']],
    [['tini', '--', 'serena', 'start-mcp-server']],
  ])('%j is a launcher', (argv) => {
    expect(role(...argv)).toBe('launcher')
  })

  it.each([
    [['node', '/x/cli.js', 'wrap', '--', 'grep', 'serena', 'start-mcp-server']],
    [['node', '/x/other.js', 'wrap', '--', 'serena', 'start-mcp-server']],
    [['npm run wrap -- serena start-mcp-server', '']],
    [['grep', 'serena', 'start-mcp-server']],
    [['grep', '-r', 'serena start-mcp-server', '.']],
    [['vim', 'serena.py']],
    [['less', '/venv/bin/serena', 'start-mcp-server']],
    [['serena', 'project', 'index']],
    [['serena', 'start-project-server']],
    [['serena', '--help', 'start-mcp-server']],
    [['tail', '-f', 'serena', 'start-mcp-server.log']],
    [['git', 'commit', '-m', 'serena start-mcp-server']],
    [['claude', '--mcp-config', '{"command":"serena","args":["start-mcp-server"]}']],
    [
      [
        'python',
        '-c',
        'from serena.dashboard import SerenaDashboardTrayManager',
        'serena',
        'start-mcp-server',
      ],
    ],
    [['python', 'serena.py', 'start-mcp-server']],
    [['python', '-c', "print('serena.cli')", 'start-mcp-server']],
    [
      [
        'python',
        '-c',
        "import subprocess; subprocess.call(['python', '-m', 'serena.cli', 'start-mcp-server'])",
      ],
    ],
    [['python', '-m', 'pytest', '/venv/bin/serena', 'start-mcp-server']],
    [['python', '-m', 'serenade', 'start-mcp-server']],
    [['python', '-V', '-', 'serena', 'start-mcp-server']],
    [['python', '-W', '/venv/bin/serena', 'start-mcp-server']],
    [['coverage', 'report', '/venv/bin/serena', 'start-mcp-server']],
    [['pdm', 'run', 'grep', 'serena', 'start-mcp-server']],
    [['ld.so']],
    [['sh', '-c', 'grep serena start-mcp-server']],
    [['sh', '-c', "ps aux | grep 'serena start-mcp-server'"]],
    [['bash', 'serena', 'start-mcp-server']],
    [['serena']],
    [['']],
    [[]],
  ])('%j is neither', (argv) => {
    expect(role(...argv)).toBeNull()
  })

  it('reads the arguments, the last of a repeated one, in both spellings', () => {
    expect(
      command('--project', '/a b/ü', '--context=ide', '--mode', 'editing', '--mode=planning'),
    ).toMatchObject({
      project: '/a b/ü',
      context: 'ide',
      modes: ['editing', 'planning'],
      transport: 'stdio',
      isProjectFromCwd: false,
      isDashboardEnabled: null,
    })
    expect(command('--project-from-cwd', '--transport', 'streamable-http', '--port', '9121')).toMatchObject({
      isProjectFromCwd: true,
      transport: 'streamable-http',
      mcpPort: 9121,
    })
    expect(command('--enable-web-dashboard', 'false')?.isDashboardEnabled).toBe(false)
    expect(command('--enable-web-dashboard=True')?.isDashboardEnabled).toBe(true)
    expect(command('--port', '0x10000')?.mcpPort).toBeNull()
    expect(command('--project-file', 'old')?.project).toBe('old')
    expect(command('--project')?.project).toBeNull()
  })

  it('reads the arguments through a launcher, quotes taken off', () => {
    const script = `exec serena start-mcp-server --project "my shop" --context 'ide'`
    expect(parseSerenaCommand(['sh', '-c', script])?.command).toMatchObject({
      project: 'my shop',
      context: 'ide',
    })
  })

  it('accepts any input', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'sh',
        '-c',
        'serena',
        'start-mcp-server',
        'uv',
        'run',
        'python',
        '-m',
        '--',
        '/c',
        'cmd',
        'wrap',
      ),
      fc.string(),
    )
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (argv) => void parseSerenaCommand(argv)))
  })
})

describe('the arguments of an odd command line', () => {
  it.each([
    [['python', '-c', DASH_C, 'start-mcp-server', '--project', '/p']],
    [['python', '-c', 'from serena.cli import start_mcp_server; start_mcp_server()', '--project', '/p']],
    [
      [
        'python',
        '-c',
        "import sys; sys.argv[1:] = ['start-mcp-server', '--project', '/p']; from serena.cli import top_level; top_level()",
      ],
    ],
    [['python', '-m', 'debugpy', '--listen', '1', '/x/serena', 'start-mcp-server', '--project', '/p']],
    [['/x/.serena-wrapped', '--', 'start-mcp-server', '--project=/p']],
  ])('%j names the project', (argv) => {
    expect(parseSerenaCommand(argv)?.command.project).toBe('/p')
  })

  it.each([
    [['/opt/ide-tools', 'start-mcp-server', '--project', '/p', '--transport', 'sse']],
    [['/opt/ide-tools', '--project', '/p', '--transport=sse']],
    [['codehelper: start-mcp-server --project /p --transport sse']],
  ])('%j of a Serena that was recognized otherwise names it too', (argv) => {
    expect(parseSerenaCommand(argv)).toBeNull()
    expect(parseUnusualCommand(argv)).toMatchObject({ project: '/p', transport: 'sse' })
  })

  it('accepts any words', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.constantFrom('python', 'coverage', 'pdm'), (words, program) => {
        parseSerenaCommand([program, ...words])
        parseUnusualCommand(words)
      }),
    )
  })
})
