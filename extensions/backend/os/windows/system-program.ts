// The programs that belong to Windows. Pure.
import { win32 } from 'node:path'
import { variableOf } from './variable-of.ts'

/** Returns a program of Windows itself by its whole path: a bare name would be searched in the current folder first. */
export const systemProgram = (env: Readonly<NodeJS.ProcessEnv>, ...path: readonly string[]): string =>
  win32.join(variableOf(env, 'SYSTEMROOT') ?? 'C:\\Windows', ...path)
