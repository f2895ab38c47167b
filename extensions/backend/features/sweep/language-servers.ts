// Which children of a Serena are its language servers and viewers, by their command line. Pure.
// (Read in Serena 0.1.4 to 2.1.0: a language server is a child of Serena itself that leads a session of its own; what a tool
// runs in a shell shares Serena's session and may be a person's own program. So the session decides, and then the name.)
import type { ProcessFact, SerenaProcess } from '../../facts.ts'

/** Where Serena keeps the ones that it downloads: `SERENA_HOME/language_servers/static/`. */
const IN_STORE = /[\\/]language_servers[\\/]static[\\/]/
/** `typescript-language-server`, `pyright.langserver`, `Microsoft.CodeAnalysis.LanguageServer.dll`, `lua-ls`, `ruby-lsp`. */
const BY_PATTERN = /language[-_]?server|langserver|(^|[-_.])lsp([-_.]|$)|[-_]ls([-_.]|$)/i
/** Those of Serena's list whose name does not say what they are. */
const BY_NAME = new Set([
  'al-language-server',
  'ccls',
  'clangd',
  'crystalline',
  'erlang_ls',
  'expert',
  'fortls',
  'fsautocomplete',
  'gopls',
  'intelephense',
  'jdtls',
  'marksman',
  'metals',
  'nixd',
  'nextls',
  'ocamllsp',
  'omnisharp',
  'pasls',
  'phpactor',
  'pylsp',
  'pyrefly',
  'qmlls',
  'qmlls6',
  'regal',
  'rust-analyzer',
  'solargraph',
  'taplo',
  'texlab',
  'tsgo',
  'ty',
  'vtsls',
  'zls',
])
/** A window of Serena's own: `serena dashboard-viewer`, or the process that it starts for one (macOS and Windows). */
const VIEWER = /SerenaDashboardViewer|^dashboard-viewer$|multiprocessing[.-](spawn|fork)/

export type LeftKind = 'language server' | 'viewer'

/** What a child of that Serena leaves behind when its Serena dies; null: nothing that is Serena's alone. */
export function leftKindOf(child: ProcessFact, { process }: SerenaProcess): LeftKind | null {
  if (child.ppid !== process.pid || child.argv === null) return null
  if (child.argv.some((word) => VIEWER.test(word))) return 'viewer'
  if (!leadsOwnGroup(child)) return null
  return wordsOf(child.argv).some((word) => IN_STORE.test(word) || isServerName(word))
    ? 'language server'
    : null
}

/** A person's word for it: `typescript-language-server`, else the kernel's name. */
export function serverNameOf({ argv, name }: ProcessFact): string {
  const word = wordsOf(argv ?? []).find((one) => isServerName(one))
  return word?.split(/[\\/]/).at(-1) ?? name
}

/** A session where the platform tells of sessions, else a process group, else nothing can be said against it. */
function leadsOwnGroup({ pid, sid, pgid }: ProcessFact): boolean {
  if (sid !== null) return sid === pid
  return pgid === null || pgid === pid
}

/** Serena gives most of them to a shell, as one word. */
const wordsOf = (argv: readonly string[]): string[] =>
  argv.flatMap((word) => word.split(/[\s'"]+/)).filter((word) => word !== '')

function isServerName(word: string): boolean {
  const name = word.split(/[\\/]/).at(-1) ?? ''
  return BY_PATTERN.test(name) || BY_NAME.has(name.toLowerCase().replace(/\.(exe|cmd|bat|js|mjs|jar)$/, ''))
}
