// Flags of what is wrong with the way an instance was started, or with what it runs on. Pure.
import type { FlagNote } from '#contract/instance'
import type { GroupMember } from '../../facts-group.ts'

const FROM_CWD =
  "replace --project and its value by --project-from-cwd: it starts Serena in the project's folder"
const FULL_PATH = "write the project's full path instead"
/** How each client names the project; [documentation of the client]. */
const FIXES: readonly [RegExp, string][] = [
  [/^Claude Desktop$/, `Claude Desktop replaces no variables: in claude_desktop_config.json ${FULL_PATH}.`],
  [
    /^Claude Code$/,
    `Claude Code replaces only environment variables that are set: in .mcp.json ${FROM_CWD}.`,
  ],
  [/^(Codex|Codex CLI)$/, `Codex replaces no variables: in config.toml ${FROM_CWD}.`],
  [
    /^(Gemini CLI|Qwen Code|opencode|Copilot CLI|Amp|Crush|Goose|Cline CLI|Cursor CLI)$/,
    `In its MCP configuration ${FROM_CWD}.`,
  ],
  [
    /^(VS Code.*|VSCodium|Cursor)$/,
    `It replaces \${workspaceFolder} only in the configuration of a workspace (.vscode/mcp.json, .cursor/mcp.json): move the entry there, or ${FULL_PATH}.`,
  ],
]

/** What is wrong with one instance alone, whatever the others are. */
export function findOwnFlags({ removed, unexpanded, client }: GroupMember): FlagNote[] {
  const notes: FlagNote[] = []
  if (unexpanded) {
    const { where, word } = unexpanded
    const name = client?.program ?? 'Its client'
    const fix = FIXES.find(([program]) => program.test(client?.program ?? ''))?.[1]
    notes.push(
      noteOf(
        'unexpanded',
        `${name} passes ${word} unexpanded${where === '--project' ? '' : ` in ${where}`}.`,
        'Serena takes it as it stands, so no such folder is found.',
        where === '--project' && fix !== undefined
          ? fix
          : 'No shell reads this value: write the full path in the MCP configuration of the client.',
      ),
    )
  }
  if (removed?.program)
    notes.push(
      noteOf(
        'program-removed',
        `Its program was removed or renamed: ${removed.program}.`,
        'It runs on, but cannot be started again this way.',
        'Install Serena there again, or change the command in the MCP configuration of its client.',
      ),
    )
  if (removed?.folder)
    notes.push(
      noteOf(
        'folder-removed',
        `Its folder is gone, removed or renamed: ${removed.folder}.`,
        'Its tools fail for every file of it.',
        "Put the folder back, or open the project's new folder in the client.",
      ),
    )
  return notes
}

const noteOf = (flag: FlagNote['flag'], text: string, more: string, advice: string): FlagNote => ({
  flag,
  text,
  more,
  advice,
  others: [],
  unused: null,
})
