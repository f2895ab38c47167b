// Owners as they are met: command lines of known programs, and the line each becomes at the noon of its day.

import { processFact } from '../os/process-fact.fixture.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import type { OwnerFacts } from './owner.ts'

/** All began then. */
const STARTED = new Date(2026, 10, 23, 9, 2).getTime()
const SESSION = '0f7c2a9e-1b2c-4d3e-8f90-a1b2c3d4e5f6'

export const fact = (argv: readonly string[] | null, more: Partial<ProcessFact> = {}): ProcessFact =>
  processFact({
    pid: 100,
    startedAtMs: STARTED,
    name:
      argv?.[0]
        ?.split(/[\\/ ]/)
        .at(-1)
        ?.slice(0, 15) ?? '',
    argv,
    ...more,
  })

export interface OwnerCase extends Partial<Omit<OwnerFacts, 'client' | 'ancestors'>> {
  /** Command lines from the client upwards, words separated by a bar. */
  chain: readonly string[]
  name?: string
}

/** The facts of one case. */
export function factsOf({ chain, name, ...more }: OwnerCase): OwnerFacts {
  const [client = fact([]), ...ancestors] = chain.map((line, at) =>
    fact(line.split('|'), { pid: 100 - at, ...(name !== undefined && at === 0 && { name }) }),
  )
  return {
    client,
    ancestors,
    clientFolder: '/home/ana/shop',
    serenaFolder: '/home/ana/shop',
    clientTerminal: null,
    clientVariables: { HOME: '/home/ana' },
    serenaVariables: {},
    ...more,
  }
}

/** What it is, its facts, its line. */
export const OWNER_CASES: readonly [string, OwnerCase, string][] = [
  [
    'Claude Code in a terminal',
    { chain: ['claude', '-bash', '/usr/libexec/gnome-terminal-server'], clientTerminal: 3 },
    'Claude Code in ~/shop, GNOME Terminal, terminal 3, since 09:02',
  ],
  [
    'its kernel name is a version, it runs in a plain terminal',
    { chain: ['claude', '-zsh'], name: '2.1.144', clientTerminal: 3 },
    'Claude Code in ~/shop, terminal 3, since 09:02',
  ],
  [
    'in a pane of tmux',
    {
      chain: ['claude|--resume|' + SESSION, '-bash', 'tmux: server'],
      clientTerminal: 7,
      clientVariables: { HOME: '/home/ana', TMUX_PANE: '%3' },
    },
    'Claude Code in ~/shop, tmux pane 3, session 0f7c2a9e, since 09:02',
  ],
  [
    'in the terminal of an editor',
    {
      chain: ['claude', '/bin/zsh|-i', '/usr/share/code/code|--type=utility', '/usr/share/code/code'],
      clientTerminal: 1,
      clientVariables: { HOME: '/home/ana', TERM_PROGRAM: 'vscode' },
    },
    'Claude Code in ~/shop, VS Code, terminal 1, since 09:02',
  ],
  [
    'from its VS Code extension',
    {
      chain: [
        '/home/ana/.vscode/extensions/anthropic.claude-code-2.1.1-linux-x64/resources/native-binary/claude|--output-format|stream-json',
        '/usr/share/code/code|--type=utility|--utility-sub-type=node.mojom.NodeService',
        '/usr/share/code/code|/home/ana/shop',
      ],
      clientVariables: { HOME: '/home/ana', CLAUDE_CODE_ENTRYPOINT: 'claude-vscode' },
    },
    'Claude Code in ~/shop, VS Code, since 09:02',
  ],
  [
    'from the Python SDK, run by Node',
    {
      chain: ['node|/w/node_modules/@anthropic-ai/claude-agent-sdk/cli.js|--print', 'python3|agent.py'],
      clientVariables: { HOME: '/home/ana', CLAUDE_CODE_ENTRYPOINT: 'sdk-py' },
    },
    'Claude Code in ~/shop, Python SDK, since 09:02',
  ],
  [
    'a Claude Code below another',
    { chain: ['claude|-p|review', '/bin/bash|-c|claude -p review', 'claude'] },
    'Claude Code in ~/shop, started by another Claude Code, since 09:02',
  ],
  [
    'a bare runtime that names itself and its session to what it starts',
    {
      chain: ['bun|/opt/x'],
      serenaVariables: { CLAUDE_PID: '100', CLAUDE_CODE_SESSION_ID: SESSION },
    },
    'Claude Code in ~/shop, session 0f7c2a9e, since 09:02',
  ],
  [
    'a variable inherited from a Claude Code further up does not name another session',
    {
      chain: ['python3|client.py', 'claude'],
      serenaVariables: { CLAUDE_PID: '99', CLAUDE_CODE_SESSION_ID: SESSION },
    },
    'python client.py in ~/shop, started by Claude Code, since 09:02',
  ],
  [
    'Claude Desktop, which wraps each server',
    {
      chain: [
        '/Applications/Claude.app/Contents/Helpers/disclaimer|uvx|serena',
        '/Applications/Claude.app/Contents/MacOS/Claude',
      ],
      clientFolder: '/',
      serenaFolder: '/',
      clientVariables: { HOME: '/Users/ana' },
    },
    'Claude Desktop, since 09:02',
  ],
  [
    'Claude Desktop on Windows',
    {
      chain: ['C:\\Users\\ana\\AppData\\Local\\AnthropicClaude\\app-1.0\\claude.exe'],
      clientFolder: null,
      serenaFolder: null,
      clientVariables: null,
    },
    'Claude Desktop, since 09:02',
  ],
  [
    'VS Code by its extension host, whose folder is the home',
    {
      chain: [
        '/usr/share/code/code --type=utility --utility-sub-type=node.mojom.NodeService --lang=en',
        '/usr/share/code/code',
      ],
      clientFolder: '/home/ana',
      serenaFolder: '/home/ana/shop',
    },
    'VS Code in ~/shop, since 09:02',
  ],
  [
    'VS Code on macOS',
    {
      chain: [
        '/Applications/Visual Studio Code.app/Contents/Frameworks/Code Helper (Plugin).app/Contents/MacOS/Code Helper (Plugin)|--type=utility',
        '/Applications/Visual Studio Code.app/Contents/MacOS/Electron',
      ],
      clientFolder: '/',
      serenaFolder: '/Users/ana/shop',
      clientVariables: { HOME: '/Users/ana' },
    },
    'VS Code in ~/shop, since 09:02',
  ],
  [
    'VS Code on a remote machine',
    {
      chain: [
        '/home/ana/.vscode-server/bin/abc/node|--dns-result-order=ipv4first|/home/ana/.vscode-server/bin/abc/out/bootstrap-fork|--type=extensionHost',
      ],
    },
    'VS Code in ~/shop, since 09:02',
  ],
  [
    'Cursor',
    { chain: ['/opt/Cursor/cursor|--type=utility', '/opt/Cursor/cursor|/home/ana/shop'] },
    'Cursor in ~/shop, since 09:02',
  ],
  [
    'Cursor, with its folder only in its command line',
    {
      chain: ['/opt/Cursor/cursor|--type=utility', '/opt/Cursor/cursor|/home/ana/web'],
      clientFolder: '/home/ana',
      serenaFolder: '/home/ana',
    },
    'Cursor in ~/web, since 09:02',
  ],
  [
    'two folders on its command line: no window is guessed',
    {
      chain: ['/opt/Cursor/cursor|--type=utility', '/opt/Cursor/cursor|/home/ana/web|/home/ana/api'],
      clientFolder: '/home/ana',
      serenaFolder: '/home/ana',
    },
    'Cursor, since 09:02',
  ],
  ['Cursor in a terminal', { chain: ['cursor-agent', '-bash'] }, 'Cursor CLI in ~/shop, since 09:02'],
  ['Windsurf', { chain: ['/usr/share/windsurf/windsurf'] }, 'Windsurf in ~/shop, since 09:02'],
  ['Zed', { chain: ['/Applications/Zed.app/Contents/MacOS/zed'] }, 'Zed in ~/shop, since 09:02'],
  ['Zed on Linux', { chain: ['/usr/lib/zed/zed-editor'] }, 'Zed in ~/shop, since 09:02'],
  ['JetBrains', { chain: ['/opt/idea/bin/idea'] }, 'IntelliJ IDEA in ~/shop, since 09:02'],
  [
    'JetBrains by its Java, older ones',
    {
      chain: [
        '/opt/pycharm/jbr/bin/java|-Didea.paths.selector=PyCharm2023.2|com.intellij.idea.Main',
        '/bin/sh|/opt/pycharm/bin/pycharm.sh',
      ],
    },
    'PyCharm in ~/shop, since 09:02',
  ],
  [
    'JetBrains on Windows',
    {
      chain: ['C:\\Program Files\\JetBrains\\WebStorm\\bin\\webstorm64.exe'],
      clientFolder: null,
      serenaFolder: null,
      clientVariables: null,
    },
    'WebStorm, since 09:02',
  ],
  [
    "Codex, npm's starter above its binary",
    {
      chain: [
        '/usr/lib/node_modules/@openai/codex/vendor/x86_64/codex/codex',
        'node|/usr/bin/codex',
        '-bash',
      ],
      clientTerminal: 2,
    },
    'Codex CLI in ~/shop, terminal 2, since 09:02',
  ],
  [
    'Gemini, which starts itself once more',
    {
      chain: [
        '/usr/bin/node|--max-old-space-size=8192|/usr/bin/gemini',
        'node|/usr/bin/gemini',
        'tmux: server',
      ],
      clientVariables: { HOME: '/home/ana', TMUX_PANE: '%12' },
    },
    'Gemini CLI in ~/shop, tmux pane 12, since 09:02',
  ],
  ['opencode', { chain: ['opencode'] }, 'opencode in ~/shop, since 09:02'],
  ['Goose', { chain: ['/usr/bin/goosed|agent'] }, 'Goose in ~/shop, since 09:02'],
  [
    'a shell in tmux',
    {
      chain: ['-bash', 'tmux: server'],
      clientTerminal: 4,
      clientVariables: { HOME: '/home/ana', TMUX_PANE: '%1' },
    },
    'bash in ~/shop, tmux pane 1, since 09:02',
  ],
  [
    'a shell over SSH',
    { chain: ['-zsh', 'sshd: ana@pts/5'], clientTerminal: 5 },
    'zsh in ~/shop, SSH, terminal 5, since 09:02',
  ],
  [
    'in the second tab of iTerm',
    {
      chain: ['claude', '-zsh', '/Applications/iTerm.app/Contents/MacOS/iTerm2'],
      clientVariables: { HOME: '/home/ana', ITERM_SESSION_ID: 'w0t1p0:ABC' },
    },
    'Claude Code in ~/shop, iTerm window 1, tab 2, since 09:02',
  ],
  [
    'a client in Python',
    { chain: ['/usr/bin/python3.11|-u|/w/x/client.py|--fast'] },
    'python client.py in ~/shop, since 09:02',
  ],
  ['a module of Python', { chain: ['python|-m|my_agent.run'] }, 'python my_agent.run in ~/shop, since 09:02'],
  [
    'a client in Node with a name that says nothing',
    { chain: ['node|--import|tsx|/w/agent/index.js'] },
    'node agent/index.js in ~/shop, since 09:02',
  ],
  ['a program text', { chain: ['python3|-c|import os'] }, 'python in ~/shop, since 09:02'],
  [
    'MCP Inspector',
    { chain: ['node|/x/@modelcontextprotocol/inspector/server/build/index.js'] },
    'MCP Inspector in ~/shop, since 09:02',
  ],
  [
    'nothing readable',
    { chain: [''], clientFolder: null, serenaFolder: null, clientVariables: null, name: 'mystery' },
    'mystery, since 09:02',
  ],
  [
    'a folder of the same beginning as the home is no part of it',
    { chain: ['claude'], clientFolder: '/home/anabel/shop' },
    'Claude Code in /home/anabel/shop, since 09:02',
  ],
  [
    'a home that is everything shortens nothing',
    { chain: ['claude'], clientFolder: '/srv', clientVariables: { HOME: '/' } },
    'Claude Code in /srv, since 09:02',
  ],
]
