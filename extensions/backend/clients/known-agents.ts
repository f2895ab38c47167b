// Programs that connect to a model and start MCP servers themselves. The first match wins; they come before the apps that bundle them.
import type { KnownClient } from './known-client.ts'

export const KNOWN_AGENTS: readonly KnownClient[] = [
  // The kernel's name may be a version (`2.1.144`), the command line is `claude …`: anthropics/claude-code#24398, #61856.
  // Extension of VS Code: …/anthropic.claude-code-…/resources/native-binary/claude.exe: microsoft/vscode#319910.
  // From an SDK: node …/@anthropic-ai/claude-agent-sdk/cli.js: zed-industries/zed#46474. Older: …/claude-code/cli.js [k].
  {
    name: 'Claude Code',
    kind: 'agent',
    path: /\/anthropic\.claude-code-[^/]+\/.*\/claude(\.exe)?$|\/@anthropic-ai\/claude-(code|agent-sdk)[^/]*\/|\/share\/claude\/versions\/[^/]+$/,
  },
  // …/Claude.app/Contents/…/disclaimer is between the app and each server: anthropics/claude-code#36616, #36617.
  { name: 'Claude Desktop', kind: 'wrapper', program: /^disclaimer$/ },
  // Helpers are named `Claude Helper`: anthropics/claude-code#36617. The app of Windows is also claude.exe (#90596), in
  // …/AnthropicClaude/… or …/WindowsApps/Claude_… [k]; Debian's is claude-desktop: aaddrick/claude-desktop-debian#526.
  {
    name: 'Claude Desktop',
    kind: 'app',
    path: /\/Claude\.app\/|\/AnthropicClaude\/|\/WindowsApps\/Claude_|\/claude-desktop[^/]*\/|\/\.mount_claude[^/]*\//i,
  },
  { name: 'Claude Desktop', kind: 'app', program: /^claude-desktop$/ },
  { name: 'Claude Code', kind: 'agent', program: /^claude$/ },
  // `codex app-server` serves the desktop app and the extension: openai/codex#18881, #19338; the app is also ChatGPT.app: #28361.
  {
    name: 'Codex',
    kind: 'agent',
    path: /\/(Codex|ChatGPT)\.app\/.*\/codex$|\/openai\.chatgpt-[^/]+\/.*\/codex(\.exe)?$/,
  },
  // npm's `codex` is a Node script that starts the binary [k].
  {
    name: 'Codex CLI',
    kind: 'agent',
    program: /^codex(-(x86_64|aarch64)-.*)?$/,
    path: /\/@openai\/codex\/|\/\.?bin\/codex$/,
    daemonName: 'Codex',
  },
  // A Node program: google-gemini/gemini-cli#15873; the path of the package is [k].
  // npm's start is bundle/gemini.js; a checkout is run as packages/cli/dist/index.js.
  {
    name: 'Gemini CLI',
    kind: 'agent',
    path: /\/@google\/gemini-cli[^/]*\/|\/\.?bin\/gemini$|\/gemini-cli\/(bundle|dist|packages)\/|\/bundle\/gemini\.js$/,
  },
  { name: 'Gemini CLI', kind: 'agent', program: /^gemini(-cli)?$/ },
  // `opencode`: ascorbic/am-i-vibing, providers.ts; the desktop app starts opencode-cli.exe: anomalyco/opencode#25063.
  {
    name: 'opencode',
    kind: 'agent',
    program: /^(opencode|opencode-cli)$/,
    path: /\/\.?bin\/opencode$|\/opencode-ai\//,
  },
  // [k]: the CLI is `goose`, the server of its desktop app `goosed`.
  { name: 'Goose', kind: 'app', program: /^goosed$/, hasManyWindows: true },
  { name: 'Goose', kind: 'agent', program: /^goose$/ },
  // [k]: these are Node programs or binaries of that name. Cline, Roo and Kilo in VS Code run in its extension host and
  // cannot be distinguished from it: they are shown as VS Code.
  {
    name: 'Cline CLI',
    kind: 'agent',
    program: /^cline(-core|-host)?$/,
    path: /\/\.?bin\/cline$|\/node_modules\/cline\//,
  },
  // The server behind the Copilot plugins of JetBrains, Eclipse, Xcode and Neovim: npm, @github/copilot-language-server.
  {
    name: 'GitHub Copilot',
    kind: 'app',
    program: /^copilot-language-server(-.*)?$|^copilot-agent-(linux|macos|darwin|win).*$/,
    path: /\/@github\/copilot-language-server[^/]*\/|\/copilot-agent\/dist\//,
    hasManyWindows: true,
  },
  {
    name: 'Copilot CLI',
    kind: 'agent',
    program: /^copilot$/,
    path: /\/@github\/copilot(-(linux|darwin|win32)[^/]*)?\//,
  },
  { name: 'Cursor CLI', kind: 'agent', program: /^cursor-agent$/, path: /\/cursor-agent\// },
  {
    name: 'Qwen Code',
    kind: 'agent',
    program: /^qwen(-code)?$/,
    path: /\/@qwen-code\/|\/\.?bin\/qwen$|\/qwen-code\/(bundle|dist|packages)\//,
  },
  {
    name: 'Amp',
    kind: 'agent',
    program: /^amp$/,
    path: /\/@(sourcegraph\/amp|ampcode\/cli)[^/]*\/|\/\.?bin\/amp$/,
  },
  { name: 'Crush', kind: 'agent', program: /^crush$/, path: /\/@charmland\/crush\// },
  // npm: packages `droid` and @factory/cli.
  {
    name: 'Factory Droid',
    kind: 'agent',
    program: /^droid$/,
    path: /\/@factory\/cli[^/]*\/|\/node_modules\/droid\/|\/\.factory\/bin\/droid$/,
  },
  { name: 'mcporter', kind: 'agent', program: /^mcporter$/, path: /\/mcporter\/dist\// },
  // `fastmcp run` is a bridge; `list`, `call` and `inspect` are clients.
  { name: 'fastmcp', kind: 'agent', program: /^fastmcp$/, path: /^fastmcp(\.|$)/ },
  // xAI's own program, and npm's @vibe-kit/grok-cli.
  {
    name: 'Grok',
    kind: 'agent',
    program: /^grok(-build|-cli)?$/,
    path: /\/@(vibe-kit|xai)[^/]*\/grok[^/]*\/|\/grok-cli\/dist\//,
  },
  {
    name: 'CodeBuddy',
    kind: 'agent',
    program: /^(codebuddy(-code)?|cbc)$/,
    path: /\/@tencent-ai\/codebuddy-code[^/]*\//,
  },
  { name: 'Antigravity CLI', kind: 'agent', program: /^(agy|antigravity-cli)$/ },
  { name: 'Junie', kind: 'agent', program: /^junie(-cli)?$/, path: /\/@jetbrains\/junie[^/]*\// },
  // PyPI: kimi-cli (module kimi_cli); its process title is `Kimi Code`.
  {
    name: 'Kimi Code',
    kind: 'agent',
    program: /^kimi([- ](cli|code))?$/,
    path: /^kimi_cli(\.|$)|\/kimi_cli\/|\/@moonshot-ai\/kimi[^/]*\//,
  },
  // PyPI: mistral-vibe (module vibe).
  { name: 'Mistral Vibe', kind: 'agent', program: /^(mistral-)?vibe(-acp)?$/, path: /^vibe\.(cli|acp|core)/ },
  { name: 'Qoder CLI', kind: 'agent', program: /^qodercli$/, path: /\/@qoder-ai\/qodercli[^/]*\// },
  {
    name: 'Kilo Code',
    kind: 'agent',
    program: /^(kilo|kilocode|kilo-code)$/,
    path: /\/@kilocode\/cli[^/]*\//,
  },
  { name: 'Auggie', kind: 'agent', program: /^auggie$/, path: /\/@augmentcode\/auggie[^/]*\// },
  { name: 'Continue', kind: 'agent', program: /^(cn|continue-cli)$/, path: /\/@continuedev\/cli\// },
  { name: 'Kiro CLI', kind: 'agent', program: /^kiro-cli(-chat|-term)?$/ },
  { name: 'Amazon Q', kind: 'agent', program: /^(q|qchat)$/, subcommand: /^(chat|acp)$/ },
  { name: 'iFlow', kind: 'agent', program: /^iflow$/, path: /\/@iflow-ai\/iflow-cli\// },
  { name: 'Rovo Dev', kind: 'agent', program: /^(acli_rovodev|rovodev)$/ },
  { name: 'OpenHands', kind: 'agent', program: /^openhands(-cli)?$/, path: /^openhands(_cli)?(\.|$)/ },
  {
    name: 'OpenClaw',
    kind: 'app',
    program: /^openclaw$/,
    path: /\/openclaw\/(dist|openclaw\.mjs)/,
    hasManyWindows: true,
  },
  // Adapters between an editor that speaks ACP and an agent: github.com/zed-industries, one process for all of its threads.
  {
    name: 'Claude Code',
    kind: 'app',
    program: /^claude-(code|agent)-acp$/,
    path: /\/claude-(code|agent)-acp\/dist\//,
    hasManyWindows: true,
  },
  { name: 'Codex', kind: 'app', program: /^codex-acp$/, path: /\/codex-acp[^/]*\//, hasManyWindows: true },
  { name: 'MCP Inspector', kind: 'agent', path: /\/@modelcontextprotocol\/inspector/ },
]
