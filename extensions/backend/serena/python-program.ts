// What a Python runs, by its arguments: CPython's own rules for options, and the programs that run another one in their own
// process (debuggers, profilers, coverage). Pure.

/** What runs in this process. */
export type PythonTarget =
  | { kind: 'script' | 'module'; name: string; args: readonly string[] }
  | { kind: 'text'; text: string; args: readonly string[] }

interface InProcess {
  /** A word before the program, such as `run` of `coverage run`. */
  verb: string | null
  /** Options that take a value. */
  valued: readonly string[]
}

const IN_PROCESS: ReadonlyMap<string, InProcess> = new Map([
  [
    'coverage',
    {
      verb: 'run',
      valued: ['--source', '--rcfile', '--data-file', '--context', '--omit', '--include', '--concurrency'],
    },
  ],
  ['debugpy', { verb: null, valued: ['--listen', '--connect', '--log-to', '--adapter-access-token'] }],
  ['memray', { verb: 'run', valued: ['-o', '--output', '-p', '--live-port'] }],
  ['cprofile', { verb: null, valued: ['-o', '--outfile', '-s', '--sort'] }],
  ['profile', { verb: null, valued: ['-o', '--outfile', '-s', '--sort'] }],
  ['pyinstrument', { verb: null, valued: ['-o', '--outfile', '-r', '--renderer', '-i', '--interval'] }],
  ['viztracer', { verb: null, valued: ['-o', '--output_file', '--tracer_entries'] }],
  ['pdb', { verb: null, valued: ['-c', '--command'] }],
  ['trace', { verb: null, valued: ['-f', '--file', '-C', '--coverdir', '--ignore-module', '--ignore-dir'] }],
  ['runpy', { verb: null, valued: [] }],
])

/** Flags of CPython that take a value, attached or as the next word. */
const VALUED_FLAGS = 'XW'

/** Returns what the words after a Python's name run; null: a prompt, stdin, or only a question such as `-V`. */
export function parsePython(words: readonly string[]): PythonTarget | null {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-') return null
    if (word === '--') return scriptAt(words, at + 1)
    if (word === '--check-hash-based-pycs') at++
    else if (word.startsWith('--')) continue
    else if (!word.startsWith('-')) return scriptAt(words, at)
    else {
      const found = readFlags(word, words.slice(at + 1))
      if (found === 'takes-next') at++
      else if (found) return found
    }
  }
  return null
}

/** Flags in one word, such as `-Im` or `-Xutf8`. */
function readFlags(word: string, next: readonly string[]): PythonTarget | 'takes-next' | null {
  for (let at = 1; at < word.length; at++) {
    const flag = word[at] ?? ''
    const glued = word.slice(at + 1)
    if (VALUED_FLAGS.includes(flag)) return glued === '' ? 'takes-next' : null
    if (flag !== 'm' && flag !== 'c') continue
    const value = glued === '' ? next[0] : glued
    const args = glued === '' ? next.slice(1) : next
    if (value === undefined) return null
    return flag === 'c' ? { kind: 'text', text: value, args } : innermost('module', value, args)
  }
  return null
}

function scriptAt(words: readonly string[], at: number): PythonTarget | null {
  const script = words[at]
  return script === undefined ? null : innermost('script', script, words.slice(at + 1))
}

/** Returns what a debugger or profiler runs in its own process, else the script or module itself. */
export function innermost(kind: 'script' | 'module', name: string, args: readonly string[]): PythonTarget {
  const short = (name.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '')
  const tool = IN_PROCESS.get(short)
  if (!tool || (tool.verb !== null && args[0] !== tool.verb)) return { kind, name, args }
  const words = tool.verb === null ? args : args.slice(1)
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-m' || word === '--module') return moduleAt(words, at + 1) ?? { kind, name, args }
    if (short === 'debugpy' && word === '-c')
      return { kind: 'text', text: words[at + 1] ?? '', args: words.slice(at + 2) }
    if (tool.valued.includes(word) || /^--configure-/.test(word)) at++
    else if (!word.startsWith('-'))
      return short === 'runpy'
        ? { kind: 'module', name: word, args: words.slice(at + 1) }
        : innermost('script', word, words.slice(at + 1))
  }
  return { kind, name, args }
}

function moduleAt(words: readonly string[], at: number): PythonTarget | null {
  const name = words[at]
  return name === undefined ? null : innermost('module', name, words.slice(at + 1))
}

/** Text for `-c` that calls Serena's own entry points, and does not start another process for it. */
const IMPORTS =
  /\b(from|import)\s+serena\s*(\.\s*(cli|mcp|__main__)\b|\s+import\s+cli\b)|run_module\(\s*['"]serena(\.\w+)?['"]/
const STARTS_ANOTHER =
  /\b(subprocess|Popen|multiprocessing|os\s*\.\s*(system|popen|spawn\w*|exec\w*|fork|posix_spawn\w*))\b/

/**
 * Returns the words that the text gives to Serena: those in it (`sys.argv = ['serena', 'start-mcp-server', …]`), else those after it;
 * null: it calls none.
 */
export function serenaWordsOfText(text: string, args: readonly string[]): readonly string[] | null {
  if (!IMPORTS.test(text) || STARTS_ANOTHER.test(text)) return null
  const quoted = [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '')
  const at = quoted.indexOf('start-mcp-server')
  if (at >= 0) return [...quoted.slice(at), ...args]
  // The command itself is called, without its name.
  return /\bstart_mcp_server\s*\(/.test(text) ? ['start-mcp-server', ...args] : args
}
