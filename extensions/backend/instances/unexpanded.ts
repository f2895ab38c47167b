// Placeholders in the arguments of an instance that its client should have replaced: no shell reads them, and Serena expands none. Pure.

export interface Unexpanded {
  /** `--project` or `SERENA_HOME`. */
  where: string
  /** `${workspaceFolder}`. */
  word: string
}

const PLACEHOLDERS: readonly RegExp[] = [
  // ${workspaceFolder}, ${PWD}, ${env:HOME}
  /\$\{[^{}]+\}/,
  // $(pwd), `pwd`
  /\$\([^()]+\)|`[^`]+`/,
  // $PWD at the beginning of a part of the path
  /(?<![^/\\])\$[A-Za-z_]\w*/,
  // %CD%, %USERPROFILE%
  /%[A-Za-z_][\w()]*%/,
  // {workspace}, {{project_root}}
  /\{\{?\s*[A-Za-z_][\w.: -]*\}?\}/,
  // <path-to-project>, <your project>
  /<[A-Za-z][^<>]*>/,
  // ~/shop
  /^~(?=$|[/\\])|^~[a-z_][\w-]*(?=[/\\])/,
  // /path/to/your/project, from a manual
  /^\/?path\/to\/.+/,
]

/** Returns the first placeholder in a value; null: it has none. */
export function placeholderIn(value: string): string | null {
  for (const pattern of PLACEHOLDERS) {
    const word = pattern.exec(value)?.[0]
    if (word !== undefined) return word.startsWith('~') ? value : word
  }
  return null
}

/** Returns the placeholder that an instance was given; `isThere`: a folder with exactly that name exists, so it is not a placeholder. */
export function findUnexpanded(
  values: readonly { where: string; value: string | null }[],
  isThere: (value: string) => boolean,
): Unexpanded | null {
  for (const { where, value } of values) {
    const word = value === null ? null : placeholderIn(value)
    if (value !== null && word !== null && !isThere(value)) return { where, word }
  }
  return null
}
