// Which words are secrets. Pure.
import { SECRET_WORDS } from '../lib/secret-flag.ts'

const NAME = /KEY|TOKEN|SECRET|PASSWORD/i

/** Whether a variable of this name holds a secret. */
export const hasSecretName = (name: string): boolean => NAME.test(name)

const FLAG = new RegExp(`^--?[\\w-]*${SECRET_WORDS}[\\w-]*$`, 'i')
const FLAG_WITH_VALUE = new RegExp(`^--?[\\w-]*${SECRET_WORDS}[\\w-]*=(?!\\$|\\{)\\S{4,}`, 'i')
/** Forms of well-known services. */
const TOKEN =
  /\b(?:sk|pk|ghp|gho|ghs|glpat|xox[abp]|github_pat)[-_][\w-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bey[\w-]{15,}\.[\w-]{10,}\./
/** A password or a token in a URL. */
const URL_SECRET =
  /:\/\/[^/@\s:]+:[^/@\s]+@|[?&](?:token|key|api[-_]?key|secret|password)=[^&\s$]{6,}|[A-Z_]*(?:KEY|TOKEN|SECRET|PASSWORD)=(?!\$)\S{6,}/i

/** Whether a word of a command line, or a URL, contains a secret. */
export const secretIn = (word: string, before: string): boolean =>
  TOKEN.test(word) ||
  FLAG_WITH_VALUE.test(word) ||
  URL_SECRET.test(word) ||
  (FLAG.test(before) && !before.includes('=') && /^[^-$\s{]\S{5,}$/.test(word))

/** Returns the command that closes a file for other users. */
export const chmodAdvice = (file: string): string => `Run chmod 600 ${/\s/.test(file) ? `'${file}'` : file}.`

/** Returns the environment with the values of secrets replaced by `***`. */
export const maskedEnv = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, hasSecretName(name) ? '***' : value]))
