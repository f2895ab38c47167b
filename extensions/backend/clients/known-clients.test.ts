// Which clients are known by their command lines, and which of them serve several windows.
import { describe, expect, it } from 'vitest'
import { ownerWords } from '#contract/owner-words'
import { fact, factsOf } from './owner.fixture.ts'
import { describeOwner, markClient } from './owner.ts'
import { programOf } from './owner-program.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
const words = (line: string): string => programOf(fact(line.split('|'))).label
const kind = (line: string): string | undefined => programOf(fact(line.split('|'))).known?.kind
const hasManyWindows = (line: string): boolean => programOf(fact(line.split('|'))).hasManyWindows

describe('the name of a client', () => {
  it.each([
    ['node|/home/ana/.npm/_npx/2f1/node_modules/.bin/gemini', 'Gemini CLI'],
    ['node|--max-old-space-size=8192|/x/node_modules/.bin/gemini', 'Gemini CLI'],
    ['node|/x/node_modules/@google/gemini-cli/dist/index.js', 'Gemini CLI'],
    ['node|/x/node_modules/@google/gemini-cli/bundle/gemini.js', 'Gemini CLI'],
    ['node|/src/gemini-cli/packages/cli/dist/index.js', 'Gemini CLI'],
    ['node|gemini', 'Gemini CLI'],
    ['node|/x/node_modules/.bin/qwen|-p|review', 'Qwen Code'],
    ['node|/x/node_modules/@qwen-code/qwen-code/cli.js', 'Qwen Code'],
    ['node|qwen', 'Qwen Code'],
    ['node|/x/node_modules/.bin/codex', 'Codex CLI'],
    ['bun|/x/node_modules/.bin/opencode', 'opencode'],
    ['droid', 'Factory Droid'],
    ['/x/node_modules/@factory/cli-linux-x64/bin/droid', 'Factory Droid'],
    ['node|/x/node_modules/.bin/mcporter|list', 'mcporter'],
    ['node|/x/node_modules/mcporter/dist/cli.js|call', 'mcporter'],
    ['/venv/bin/python|/venv/bin/fastmcp|list', 'fastmcp'],
    ['grok', 'Grok'],
    ['node|/x/node_modules/@vibe-kit/grok-cli/dist/index.js', 'Grok'],
    ['node|/x/node_modules/.bin/codebuddy', 'CodeBuddy'],
    ['/Applications/ZCode.app/Contents/MacOS/ZCode', 'ZCode'],
    ['/usr/share/antigravity/antigravity|--type=utility', 'Antigravity'],
    [
      '/usr/share/antigravity/extensions/antigravity/bin/language_server_linux_x64|--enable_lsp',
      'Antigravity',
    ],
    ['node|/x/node_modules/.bin/junie', 'Junie'],
    ['/venv/bin/python3.13|/home/ana/.local/bin/kimi', 'Kimi Code'],
    ['python|-m|kimi_cli', 'Kimi Code'],
    ['/venv/bin/python3|/venv/bin/vibe', 'Mistral Vibe'],
    ['node|/x/node_modules/@qoder-ai/qodercli/bundle/qodercli.js', 'Qoder CLI'],
    ['node|/x/node_modules/.bin/kilocode', 'Kilo Code'],
    ['node|/x/node_modules/@augmentcode/auggie/augment.mjs', 'Auggie'],
    ['node|/x/node_modules/@charmland/crush/run-crush.js', 'Crush'],
    ['/x/node_modules/@ampcode/cli/bin/amp.exe', 'Amp'],
    ['/usr/bin/warp-terminal', 'Warp'],
    ['node|/x/node_modules/@continuedev/cli/dist/cn.js', 'Continue'],
    ['node|/x/node_modules/@github/copilot/npm-loader.js', 'Copilot CLI'],
    [
      'node|/x/node_modules/@github/copilot-language-server/dist/language-server.js|--stdio',
      'GitHub Copilot',
    ],
    [
      '/Applications/Claude.app/Contents/Frameworks/Claude Helper (Plugin).app/Contents/MacOS/Claude Helper (Plugin)',
      'Claude Desktop',
    ],
    // Bridges.
    ['node|/x/node_modules/.bin/supergateway|--stdio|uvx serena start-mcp-server', 'supergateway'],
    ['node|/x/node_modules/supergateway/dist/index.js|--port|8000', 'supergateway'],
    ['/venv/bin/python|/venv/bin/mcp-proxy|--port=8001|serena', 'mcp-proxy'],
    ['python3|-m|mcp_proxy|--port|8001', 'mcp-proxy'],
    ['node|/x/node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs', 'mcp-proxy'],
    ['/venv/bin/python|/venv/bin/mcpo|--port|8000|--|serena|start-mcp-server', 'mcpo'],
    ['/venv/bin/python|/venv/bin/fastmcp|run|server.py', 'fastmcp'],
    ['node|/x/node_modules/.bin/mcp-remote|http://127.0.0.1:9121/mcp', 'mcp-remote'],
  ])('%s is %s', (line, name) => {
    expect(words(line)).toBe(name)
  })

  it.each([
    ['node|/w/gemini-notes/server.js', 'node server.js'],
    ['python3|-m|code', 'python code'],
    ['python3|/w/qwen.py', 'python qwen.py'],
    ['node|/w/supergateway-fork/x.js', 'node x.js'],
    ['node|/home/ana/mcpo/serve.js', 'node serve.js'],
  ])('%s stays %s', (line, name) => {
    expect(words(line)).toBe(name)
  })

  it('distinguishes the bridge and the client of one program', () => {
    expect(kind('python|/venv/bin/fastmcp|run|x.py')).toBe('bridge')
    expect(kind('python|/venv/bin/fastmcp|call|x.py')).toBe('agent')
  })
})

describe('a daemon that serves several windows', () => {
  it.each([
    'codex|app-server',
    '/x/@openai/codex-linux-x64/vendor/bin/codex|-c|model=x|app-server|--listen|stdio://',
    'opencode|serve|--port|4096',
    'opencode|web',
    'opencode|acp',
    'goosed|agent',
    'goose|acp',
    'node|/x/.bin/gemini|--experimental-acp',
    'node|/x/.bin/qwen|--acp',
    'copilot|--acp|--port|3000',
    'node|/x/node_modules/@zed-industries/claude-code-acp/dist/index.js',
    'copilot-language-server|--stdio',
    '/opt/idea/bin/idea',
    '/usr/lib/zed/zed-editor',
    'node|/x/node_modules/.bin/supergateway|--stdio|serena start-mcp-server',
    'python3|/w/my_agent.py|serve',
  ])('%s', (line) => {
    expect(hasManyWindows(line)).toBe(true)
  })

  it.each([
    'codex|resume',
    'codex|exec|start the web server',

    'node|/w/client.js',
    'opencode',
    'opencode|run|explain acp',
    'mcporter|--|serve',
  ])('%s is not one', (line) => {
    expect(hasManyWindows(line)).toBe(false)
  })

  it('has the folder of the instance, but no pane or terminal', () => {
    const facts = factsOf({
      chain: ['codex|app-server', '-bash', 'tmux: server'],
      clientFolder: '/home/ana/shop',
      serenaFolder: '/home/ana/web',
      clientTerminal: 2,
      clientVariables: { HOME: '/home/ana', TMUX_PANE: '%2' },
    })
    expect(ownerWords(describeOwner(facts, NOON))).toBe('Codex in ~/web, since 09:02')
    expect(markClient(facts)).toMatchObject({ hasManyWindows: true, isKnown: true, program: 'Codex' })
  })

  it('names no folder if the instance has none', () => {
    const facts = factsOf({
      chain: ['opencode|serve'],
      clientFolder: '/home/ana',
      serenaFolder: '/home/ana',
      clientTerminal: 2,
    })
    expect(ownerWords(describeOwner(facts, NOON))).toBe('opencode, since 09:02')
  })
})

describe('a bridge', () => {
  const chain = ['node|/x/.bin/supergateway|--stdio|uvx serena start-mcp-server', '-bash']
  const bridge = { port: 8000, connections: 3 }

  it('is named with its port and its connections', () => {
    expect(ownerWords(describeOwner(factsOf({ chain, bridge }), NOON))).toBe(
      'supergateway on :8000 (3 connections) in ~/shop, since 09:02',
    )
    const one = factsOf({ chain, bridge: { port: 8000, connections: 1 } })
    expect(describeOwner(one, NOON).name).toBe('supergateway on :8000 (1 connection)')
  })

  it('is named if the client is only the shell that it uses', () => {
    const facts = factsOf({ chain: ['/bin/sh|-c|uvx serena start-mcp-server', ...chain] })
    expect(describeOwner(facts, NOON).name).toBe('supergateway')
  })
})
