// Recognizes language servers by their command line, as Serena (solidlsp) starts them. Pure.
// (Read in Serena 0.1.4 to 2.1.0: a language server is a child of Serena itself that leads its own session and communicates over its
// stdin and stdout. What a tool runs in a shell shares Serena's session and may be the user's own program.)
import { isInterpreter } from '../lib/interpreters.ts'
import type { ProcessFact } from '../os/process-facts.ts'

/** Where Serena keeps what it downloads: `SERENA_HOME/language_servers/`, and `~/.solidlsp` of solidlsp alone. */
const IN_STORE = /[\\/](language_servers|\.solidlsp)[\\/]/
/** `typescript-language-server`, `pyright.langserver`, `Microsoft.CodeAnalysis.LanguageServer.dll`, `lua-ls`, `ruby-lsp`. */
const BY_PATTERN =
  /language[-_]?server|langserver|(^|[-_.])lsp([-_.]|$)|[-_]ls([-_.]|$)|[a-z]Lsp|LSPServer|EditorServices|equinox\.launcher/i
/** Those of Serena's list whose name does not say what they are. */
const BY_NAME = new Set([
  'al-language-server',
  'ccls',
  'clangd',
  'crystalline',
  'erlang_ls',
  'expert',
  'fatou',
  'fortls',
  'fsautocomplete',
  'gopls',
  'intelephense',
  'jdtls',
  'lake',
  'lean',
  'marksman',
  'metals',
  'nextls',
  'nixd',
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
  'slang-server',
  'solargraph',
  'taplo',
  'texlab',
  'tsgo',
  'ty',
  'vtsls',
  'zls',
])
/** Options that only LSP programs are started with. */
const LSP_OPTIONS = new Set(['--stdio', '-stdio', '--lsp', '-lsp', '--languageserver', '--language-server'])
/** The same as the first argument: `dart language-server`, `deno lsp`, `solargraph stdio`. */
const LSP_COMMANDS = new Set(['lsp', 'stdio', 'language-server', 'languageserver', 'lsp-proxy'])

/** Shells, with `cmd` and the one program that may be any tool. */
const isShell = (name: string): boolean => isInterpreter(name, 'shell') || /^(busybox|cmd)$/.test(name)
const runsPrograms = (name: string): boolean =>
  isInterpreter(name, 'python', 'javascript', 'ruby', 'runtime', 'other')
/** Start the program that their arguments name. */
const RUNNER =
  /^(npx|bunx|uv|uvx|pipx|poetry|pdm|bundle|bundler|rbenv|rvm-exec|mise|asdf|opam|rustup|mix|cargo|env|setpriv|nice|stack|cabal|nix|cs|coursier|flatpak)$/
/** Options of interpreters that take a value which is no program. */
const VALUED = /^(-cp|-classpath|--class-path|-p|--module-path|-W|-X|-r|--require|--import|--loader|-d|-I)$/
/** Options of interpreters whose value is the program. */
const PROGRAM_OPTION = /^(-jar|-m|-e|-c|--eval|-run|-File|-Command|-S)$/
const RUNNER_WORDS = 6

/** Returns a readable name: `typescript-language-server`, else the kernel's name. */
export function serverNameOf({ argv, name }: ProcessFact): string {
  const word = splitWords(argv ?? []).find((one) => isServerName(one))
  return word?.split(/[\\/]/).at(-1) ?? name
}

/** Returns whether the program itself, or the script it interprets, lies in one of Serena's folders for language servers. */
export function isInServerStore(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv
  if (IN_STORE.test(program)) return true
  const name = programName(program)
  if (isShell(name)) return inlineText(rest) === null && IN_STORE.test(firstWord(rest) ?? '')
  return runsPrograms(name) && interpreted(rest).some((word) => IN_STORE.test(word))
}

/** Returns whether these are the arguments of a language server. Paths of data (`editor /src/my-language-server`) do not count. */
export function isServerCommand(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv
  if (isInServerStore(argv) || isServerName(program)) return true
  const name = programName(program)
  if (isShell(name)) {
    const text = inlineText(rest)
    return text === null
      ? isServerName(firstWord(rest) ?? '')
      : isServerCommand(commandWords(text)) || commandWords(text).some((word) => LSP_OPTIONS.has(word))
  }
  if (rest.some((word) => LSP_OPTIONS.has(word)) || LSP_COMMANDS.has(rest[0] ?? '')) return true
  if (RUNNER.test(name))
    return rest
      .filter((word) => !word.startsWith('-'))
      .slice(0, RUNNER_WORDS)
      .some((word) => isServerName(word))
  if (!runsPrograms(name)) return false
  return programWords(rest).some((word) => isServerName(word)) || LSP_COMMANDS.has(afterProgram(rest) ?? '')
}

/** The words that say what an interpreter runs: the script or main class, `-jar X`, `-m X`, `-e TEXT`, `-MModule`. */
function programWords(words: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (PROGRAM_OPTION.test(word)) return [...found, ...splitWords([words[at + 1] ?? ''])]
    if (VALUED.test(word)) at++
    else if (word.startsWith('-')) found.push(word)
    else return [...found, word]
  }
  return found
}

/** As above, with the values of the options in front of it: a class path shows which program it is. */
function interpreted(words: readonly string[]): string[] {
  const at = words.findIndex(
    (word, i) => PROGRAM_OPTION.test(word) || (!word.startsWith('-') && !VALUED.test(words[i - 1] ?? '')),
  )
  if (at < 0) return [...words]
  return words.slice(0, PROGRAM_OPTION.test(words[at] ?? '') ? at + 2 : at + 1)
}

/** The argument after the script: `php phpactor language-server`. */
function afterProgram(words: readonly string[]): string | undefined {
  const program = words.findIndex((word) => !word.startsWith('-'))
  return program < 0 ? undefined : words[program + 1]
}

/** The text that a shell was given with `-c`; null: it runs a script. */
function inlineText(words: readonly string[]): string | null {
  const at = words.findIndex((word) => /^(-[a-z]*c|\/[cCsS])$/.test(word))
  return at < 0 ? null : words.slice(at + 1).join(' ')
}

const firstWord = (words: readonly string[]): string | undefined =>
  words.find((word) => !word.startsWith('-'))

/** The words of a command in a shell's text, without `exec` and assignments in front of it. */
function commandWords(text: string): string[] {
  const words = splitWords([text])
  const first = words.findIndex((word) => word !== 'exec' && !/^\w+=/.test(word))
  return first < 0 ? [] : words.slice(first)
}

const splitWords = (argv: readonly string[]): string[] =>
  argv.flatMap((word) => word.split(/[\s'"]+/)).filter((word) => word !== '')

const programName = (word: string): string =>
  (word.split(/[\\/]/).at(-1) ?? '').replace(/\.(exe|cmd|bat)$/i, '')

function isServerName(word: string): boolean {
  const name = word.split(/[\\/]/).at(-1) ?? ''
  return BY_PATTERN.test(name) || BY_NAME.has(name.toLowerCase().replace(/\.(exe|cmd|bat|js|mjs|jar)$/, ''))
}
