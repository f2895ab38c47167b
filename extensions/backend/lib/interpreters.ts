// Programs that interpret a script: one table for everything that reads command lines. Pure.

export type InterpreterKind = 'python' | 'javascript' | 'shell' | 'ruby' | 'runtime' | 'electron' | 'other'

const KINDS: readonly (readonly [InterpreterKind, RegExp])[] = [
  ['python', /^(i?python|pypy|graalpy)[\d.]*([dtmuw]|-dbg|-intel64|-arm64)?$/],
  ['javascript', /^(node|nodejs|bun|deno)[\d.]*$/],
  ['shell', /^(ba|da|z|k|a|fi)?sh$/],
  // The script is the first word that is not an option.
  ['ruby', /^(ruby|perl[\d.]*)$/],
  ['runtime', /^(php[\d.]*|java|dotnet)$/],
  ['electron', /^electron\d*$/],
  [
    'other',
    /^(mono|javaw|julia|rscript|r|pwsh|powershell|lua[\d.]*|erl|escript|elixir|beam(\.smp)?|wolframscript|wolframkernel)$/,
  ],
]

/** Returns the kind of interpreter that a program name (without folder and `.exe`) means; null: it is none. */
export function interpreterKind(name: string): InterpreterKind | null {
  const lower = name.toLowerCase()
  return KINDS.find(([, pattern]) => pattern.test(lower))?.[0] ?? null
}

/** Returns whether a program name means an interpreter of one of these kinds. */
export function isInterpreter(name: string, ...kinds: readonly InterpreterKind[]): boolean {
  const kind = interpreterKind(name)
  return kind !== null && kinds.includes(kind)
}
