// Flags of one instance: its arguments, its program and its folder. Pure.
import type { FlagNote } from '#contract/instance'
import type { GroupMember } from './group-facts.ts'
import { noteOf } from './note.ts'

const FROM_CWD =
  "replace --project and its value with --project-from-cwd: this client starts Serena in the project's folder"
const FULL_PATH = "write the project's full path instead"
/** How to name the project in the configuration of each client, by the clients' documentation. */
const FIXES: readonly [RegExp, string][] = [
  [
    /^Claude Desktop$/,
    `Claude Desktop does not expand variables: in claude_desktop_config.json ${FULL_PATH}.`,
  ],
  [/^Claude Code$/, `Claude Code expands only environment variables that are set: in .mcp.json ${FROM_CWD}.`],
  [/^(Codex|Codex CLI)$/, `Codex does not expand variables: in config.toml ${FROM_CWD}.`],
  [
    /^(Gemini CLI|Qwen Code|opencode|Copilot CLI|Amp|Crush|Goose|Cline CLI|Cursor CLI)$/,
    `In its MCP configuration ${FROM_CWD}.`,
  ],
  [
    /^(VS Code.*|VSCodium|Cursor)$/,
    `It expands \${workspaceFolder} only in the configuration of a workspace (.vscode/mcp.json, .cursor/mcp.json): move the entry there, or ${FULL_PATH}.`,
  ],
]

/** Returns the notes on one instance alone, independent of the others. */
export function findOwnFlags({ removed, unexpanded, client }: GroupMember): FlagNote[] {
  const notes = [
    unexpanded ? unexpandedNote(unexpanded, client?.program ?? null) : null,
    removed?.program ? programNote(removed.program) : null,
    removed?.folder ? folderNote(removed.folder) : null,
  ]
  return notes.filter((note) => note !== null)
}

function unexpandedNote(
  { where, word }: NonNullable<GroupMember['unexpanded']>,
  program: string | null,
): FlagNote {
  const isProject = where === '--project'
  const fix = isProject ? FIXES.find(([name]) => name.test(program ?? ''))?.[1] : undefined
  return noteOf(
    'unexpanded',
    `${program ?? 'Its client'} passes ${word} unexpanded${isProject ? '' : ` in ${where}`}.`,
    'Serena takes the value literally, so it does not find the folder.',
    fix ?? 'No shell expands this value: write the full path in the MCP configuration of the client.',
  )
}

const programNote = (program: string): FlagNote =>
  noteOf(
    'program-removed',
    `Its program was removed or renamed: ${program}.`,
    'It keeps running, but cannot be started again from there.',
    'Install Serena there again, or change the command in the MCP configuration of its client.',
  )

const folderNote = (folder: string): FlagNote =>
  noteOf(
    'folder-removed',
    `Its folder was removed or renamed: ${folder}.`,
    'Its tools fail for every file in that folder.',
    "Restore the folder, or open the project's new folder in the client.",
  )
