// The clients whose configuration files are read, and `hub snippet` knows. To add a client, add a row, and its file or line below
// programs/. The order is that of `hub snippet`.
import type { ConfigClient } from './config-client.ts'
import {
  AMP,
  AUGGIE,
  CRUSH,
  DROID,
  GOOSE,
  GROK,
  LM_STUDIO,
  MCPM,
  MCPORTER,
  PLAIN_CLIENTS,
  WARP,
} from './programs/agents.ts'
import { CLAUDE_CODE } from './programs/claude-code.ts'
import { CLAUDE_DESKTOP } from './programs/claude-desktop.ts'
import { CODEX } from './programs/codex.ts'
import {
  ANTIGRAVITY,
  COPILOT_CLI,
  CURSOR,
  JETBRAINS_AI,
  JUNIE,
  KIRO,
  WINDSURF,
  ZED,
} from './programs/editors.ts'
import { CLINE, CONTINUE, ROO_CODE } from './programs/extensions.ts'
import { GEMINI_CLI, QWEN_CODE } from './programs/gemini.ts'
import { KILO_CODE, OPENCODE } from './programs/opencode.ts'
import { VS_CODE, VS_CODE_FORKS } from './programs/vscode.ts'

export const CONFIG_CLIENTS: readonly ConfigClient[] = [
  CLAUDE_CODE,
  CODEX,
  CURSOR,
  VS_CODE,
  GEMINI_CLI,
  QWEN_CODE,
  WINDSURF,
  ZED,
  OPENCODE,
  KILO_CODE,
  JUNIE,
  JETBRAINS_AI,
  CLAUDE_DESKTOP,
  ANTIGRAVITY,
  COPILOT_CLI,
  CLINE,
  ROO_CODE,
  CONTINUE,
  GOOSE,
  AMP,
  KIRO,
  CRUSH,
  LM_STUDIO,
  WARP,
  GROK,
  ...VS_CODE_FORKS,
  DROID,
  AUGGIE,
  MCPORTER,
  MCPM,
  ...PLAIN_CLIENTS,
]

/** Returns the client with that id; null: it is not known. */
export const configClientOf = (id: string): ConfigClient | null =>
  CONFIG_CLIENTS.find((one) => one.id === id) ?? null
