// Masks secrets in the text of other programs: tokens, passwords and keys in log lines. Pure.

const MASK = '********'
const RULES: readonly [RegExp, string][] = [
  // `https://TOKEN@host`
  [/(:\/\/)[^/@\s]+@/g, `$1${MASK}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  // `api_key=…`, `"token": "…"`, `--password …`
  [
    /((?:token|secret|passw(?:or)?d|api[-_]?key|credential|authorization)["']?\s*[=:]\s*["']?)(?!bearer|basic)[^\s"',;}]+/gi,
    `$1${MASK}`,
  ],
  [/\b(?:sk|pk|ghp|gho|ghs|glpat|xox[abp]|github_pat)[-_][\w-]{10,}/g, MASK],
]

/** Returns the text with its secrets replaced by asterisks. */
export const maskText = (text: string): string =>
  RULES.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text)
