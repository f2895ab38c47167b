// The programs that are known to start Serenas. To add one, add a row; the first match wins. Each row has its source, as
// owner/repository#issue on GitHub or as a URL; [k] marks general knowledge without a source.

import { KNOWN_AGENTS } from './known-agents.ts'
import { KNOWN_BRIDGES } from './known-bridges.ts'
import type { KnownClient } from './known-client.ts'

/** The owner of the Serenas that the hub runs. */
export const HUB_NAME = 'Serena Deck hub'

/** Agents come before the apps whose extensions bundle them. */
export const KNOWN_CLIENTS: readonly KnownClient[] = [
  ...KNOWN_BRIDGES,
  ...KNOWN_AGENTS,

  // Names of the apps on macOS and of the programs on Linux: vitejs/launch-editor, editor-info/{macos,linux}.js.
  // Helpers are `Code Helper (Plugin)` inside the app's folder: microsoft/vscode#67023; on Linux `code --type=…`:
  // thomasrones.com, "VS Code Architecture". Remote ones run from ~/.vscode-server and the like [k].
  {
    name: 'Cursor',
    kind: 'app',
    program: /^cursor( helper.*)?$/,
    path: /\/Cursor\.app\/|\/\.cursor-server\/|\/cursor\/cursor$/,
  },
  {
    name: 'Windsurf',
    kind: 'app',
    program: /^windsurf( helper.*)?$/,
    path: /\/Windsurf\.app\/|\/\.windsurf-server\//,
  },
  {
    name: 'VSCodium',
    kind: 'app',
    program: /^(vs)?codium( helper.*)?$/,
    path: /\/VSCodium\.app\/|\/\.vscodium-server\//,
  },
  // The language servers of Windsurf and Antigravity start the MCP servers: …/language_server_linux_x64.
  {
    name: 'Antigravity',
    kind: 'app',
    hasManyWindows: true,
    path: /\/antigravity[^/]*\/.*\/language_server_[^/]*$/i,
  },
  {
    name: 'Windsurf',
    kind: 'app',
    hasManyWindows: true,
    program: /^language_server_(linux|macos|windows)_\w+$/,
  },
  {
    name: 'Antigravity',
    kind: 'app',
    program: /^antigravity( helper.*)?$/,
    path: /\/Antigravity[^/]*\.app\//,
  },
  { name: 'CodeBuddy', kind: 'app', program: /^codebuddy( helper.*)$/, path: /\/CodeBuddy[^/]*\.app\// },
  { name: 'Qoder', kind: 'app', program: /^qoder( helper.*)?$/, path: /\/Qoder[^/]*\.app\// },
  { name: 'ZCode', kind: 'app', program: /^zcode( helper.*)?$/, path: /\/ZCode[^/]*\.app\// },
  { name: 'Trae', kind: 'app', program: /^trae( helper.*)?$/, path: /\/Trae\.app\// },
  { name: 'Kiro', kind: 'app', program: /^kiro( helper.*)?$/, path: /\/Kiro\.app\// },
  {
    name: 'VS Code Insiders',
    kind: 'app',
    program: /^code( -|-)( )?insiders( helper.*)?$/,
    path: /\/Visual Studio Code - Insiders\.app\/|\/\.vscode-server-insiders\//,
  },
  {
    name: 'Code - OSS',
    kind: 'app',
    program: /^code[ -]*oss( helper.*)?$/,
    path: /\/code-oss\/|\/lib\/code\/out\//,
  },
  {
    name: 'VS Code',
    kind: 'app',
    program: /^code( helper.*)?$/,
    path: /\/Visual Studio Code\.app\/|\/\.vscode-server\/|\/Microsoft VS Code\//,
  },
  // /Applications/Zed.app/Contents/MacOS/zed: zed-industries/zed#11199; `zed-editor` is what Linux packages install [k].
  {
    name: 'Zed',
    kind: 'app',
    hasManyWindows: true,
    program: /^zed(-editor|-preview|-remote-server.*)?$/,
    path: /\/Zed[^/]*\.app\//,
  },
  // Native starters since 2024, `.sh` and java before: vitejs/launch-editor#73, vaadin/flow#15605.
  {
    name: 'IntelliJ IDEA',
    kind: 'app',
    hasManyWindows: true,
    program: /^idea(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=(IntelliJIdea|IdeaIC)/,
  },
  {
    name: 'PyCharm',
    kind: 'app',
    hasManyWindows: true,
    program: /^pycharm(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=PyCharm/,
  },
  {
    name: 'WebStorm',
    kind: 'app',
    hasManyWindows: true,
    program: /^webstorm(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=WebStorm/,
  },
  {
    name: 'PhpStorm',
    kind: 'app',
    hasManyWindows: true,
    program: /^phpstorm(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=PhpStorm/,
  },
  {
    name: 'GoLand',
    kind: 'app',
    hasManyWindows: true,
    program: /^goland(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=GoLand/,
  },
  {
    name: 'RubyMine',
    kind: 'app',
    hasManyWindows: true,
    program: /^rubymine(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=RubyMine/,
  },
  {
    name: 'CLion',
    kind: 'app',
    hasManyWindows: true,
    program: /^clion(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=CLion/,
  },
  {
    name: 'Rider',
    kind: 'app',
    hasManyWindows: true,
    program: /^rider(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=Rider/,
  },
  {
    name: 'Android Studio',
    kind: 'app',
    hasManyWindows: true,
    program: /^studio(64|\.sh)?$/,
    argument: /^-Didea\.paths\.selector=AndroidStudio/,
  },
  { name: 'JetBrains IDE', kind: 'app', hasManyWindows: true, argument: /^com\.intellij\.idea\.Main$/ },
  // [k]
  { name: 'LM Studio', kind: 'app', program: /^lm[ -]studio( helper.*)?$/, path: /\/LM Studio\.app\// },
  { name: 'Jan', kind: 'app', program: /^jan$/, path: /\/Jan\.app\// },
  { name: 'Enconvo', kind: 'app', path: /\/Enconvo\.app\// },
  { name: 'Cherry Studio', kind: 'app', program: /^cherry ?studio( helper.*)?$/ },

  // The program of the hub, and that of its clients.
  {
    name: HUB_NAME,
    kind: 'hub',
    hasManyWindows: true,
    path: /\/dist\/backend\/(cli|hub)\.js$|\/serena-deck$/,
    subcommand: /^hub$/,
  },
  {
    name: HUB_NAME,
    kind: 'hub',
    hasManyWindows: true,
    path: /\/dist\/backend\/hub\.js$|^serena-deck hub$/,
  },
  {
    name: 'serena-deck connect',
    kind: 'wrapper',
    path: /\/dist\/backend\/connect\.c?js$|^serena-deck connect$/,
  },
  {
    name: 'serena-deck connect',
    kind: 'wrapper',
    path: /\/dist\/backend\/cli\.js$|\/serena-deck$/,
    subcommand: /^connect$/,
  },
  // Our demo starts stand-ins.
  {
    name: 'Serena Deck',
    kind: 'own',
    program: /^serena-deck$/,
    path: /\/dist\/backend\/cli\.js$|\/bin\/serena-deck$/,
  },

  // [k]: the programs of these terminals.
  { name: 'tmux', kind: 'multiplexer', program: /^tmux(: server)?$/ },
  { name: 'screen', kind: 'multiplexer', program: /^screen$/ },
  { name: 'Zellij', kind: 'multiplexer', program: /^zellij$/ },
  { name: 'GNOME Terminal', kind: 'terminal', program: /^gnome-terminal(-server)?$/ },
  { name: 'Konsole', kind: 'terminal', program: /^konsole$/ },
  { name: 'kitty', kind: 'terminal', program: /^kitty$/ },
  { name: 'Alacritty', kind: 'terminal', program: /^alacritty$/ },
  { name: 'WezTerm', kind: 'terminal', program: /^wezterm(-gui|-mux-server)?$/ },
  { name: 'Ghostty', kind: 'terminal', program: /^ghostty$/ },
  { name: 'foot', kind: 'terminal', program: /^foot(server)?$/ },
  { name: 'xterm', kind: 'terminal', program: /^(u?xterm|rxvt|urxvtd?)$/ },
  { name: 'Xfce Terminal', kind: 'terminal', program: /^xfce4-terminal$/ },
  { name: 'iTerm', kind: 'terminal', program: /^iterm2?$/, path: /\/iTerm\.app\// },
  { name: 'Terminal', kind: 'terminal', path: /\/Terminal\.app\// },
  {
    name: 'Warp',
    kind: 'terminal',
    hasManyWindows: true,
    program: /^warp(-terminal)?$/,
    path: /\/Warp\.app\//,
  },
  { name: 'Windows Terminal', kind: 'terminal', program: /^windowsterminal$/ },
  { name: 'SSH', kind: 'terminal', program: /^sshd(-session)?(: .*)?$/ },
]

/**
 * The terminal of a client, by its own environment. The variables are inherited, so they are used only for a client without a known
 * window among its ancestors. In this order; `words` gets the value.
 */
export const TERMINAL_VARIABLES: readonly { variable: string; words: (value: string) => string | null }[] = [
  // `%3`: man tmux, "Each pane … is assigned an ID" [k].
  { variable: 'TMUX_PANE', words: (value) => numbered('tmux pane', /^%(\d+)$/.exec(value)) },
  // [k]
  { variable: 'ZELLIJ_PANE_ID', words: (value) => numbered('Zellij pane', /^(\d+)$/.exec(value)) },
  // `w0t2p0:…`, counted from 0: https://iterm2.com/documentation-variables.html [k].
  { variable: 'ITERM_SESSION_ID', words: (value) => iTermWords(/^w(\d+)t(\d+)/.exec(value)) },
  // Names: gatsbyjs/gatsby, get-term-program.ts (WT_SESSION); TERMINAL_VARIABLES of many detectors for the others.
  { variable: 'KITTY_WINDOW_ID', words: (value) => numbered('kitty window', /^(\d+)$/.exec(value)) },
  { variable: 'WEZTERM_PANE', words: (value) => numbered('WezTerm pane', /^(\d+)$/.exec(value)) },
  { variable: 'WT_SESSION', words: () => 'Windows Terminal' },
  // `JetBrains-JediTerm` in the terminal of every JetBrains IDE.
  {
    variable: 'TERMINAL_EMULATOR',
    words: (value) => (value === 'JetBrains-JediTerm' ? 'JetBrains terminal' : null),
  },
  // zed-industries/zed, `insert_zed_terminal_env`.
  { variable: 'ZED_TERM', words: () => 'Zed terminal' },
  { variable: 'TERM_PROGRAM', words: (value) => TERM_PROGRAMS.get(value) ?? null },
  // man sshd: the terminal's device.
  { variable: 'SSH_TTY', words: (value) => numbered('SSH terminal', /^\/dev\/pts\/(\d+)$/.exec(value)) },
]

/** Values of TERM_PROGRAM; `zed`: ascorbic/am-i-vibing, `WarpTerminal`: the same; the others [k]. */
const TERM_PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['vscode', 'VS Code terminal'],
  ['zed', 'Zed terminal'],
  ['WarpTerminal', 'Warp'],
  ['iTerm.app', 'iTerm'],
  ['Apple_Terminal', 'Terminal'],
  ['WezTerm', 'WezTerm'],
  ['ghostty', 'Ghostty'],
  ['tmux', 'tmux'],
])

/**
 * How a Claude Code was started, by CLAUDE_CODE_ENTRYPOINT in its environment: `sdk-py`: anthropics/claude-agent-sdk-python#55;
 * the others [k]. `cli` is the default.
 */
export const ENTRYPOINTS: ReadonlyMap<string, string> = new Map([
  ['sdk-py', 'Python SDK'],
  ['sdk-ts', 'TypeScript SDK'],
  ['sdk-cli', 'without a terminal'],
  ['claude-vscode', 'VS Code extension'],
  ['claude-desktop', 'Claude Desktop'],
])

/** Set by Claude Code for its child processes: CLAUDE_PID and CLAUDE_CODE_SESSION_ID, docs.rs/crate/trusty-mpm, claude_env_scrub.rs. */
export const CLAUDE_PID = 'CLAUDE_PID'
export const CLAUDE_SESSION = 'CLAUDE_CODE_SESSION_ID'
export const CLAUDE_ENTRYPOINT = 'CLAUDE_CODE_ENTRYPOINT'

/** The variables that are read from a client's environment. */
export const CLIENT_VARIABLES: readonly string[] = [
  'HOME',
  'USERPROFILE',
  CLAUDE_ENTRYPOINT,
  ...TERMINAL_VARIABLES.map(({ variable }) => variable),
]

/** The variables of a Serena's environment that describe its client. */
export const SERENA_VARIABLES: readonly string[] = [CLAUDE_PID, CLAUDE_SESSION]

const numbered = (words: string, match: RegExpExecArray | null): string | null =>
  match ? `${words} ${match[1]}` : null

const iTermWords = (match: RegExpExecArray | null): string | null =>
  match ? `iTerm window ${Number(match[1]) + 1}, tab ${Number(match[2]) + 1}` : 'iTerm'
