// `registry list|register|touch|update|deregister`: the shared registry from the command line.
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import {
  type ListedEntry,
  type RegistryChange,
  registrationSchema,
  type WrittenEntry,
} from '#contract/registry'
import { visibleLine } from '#contract/visible-text'
import { type DeckSource } from '../access/deck-source.ts'
import { resolveTarget } from '../access/target.ts'
import { withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, portFlag, switchFlag } from './flags.ts'
import { registryText } from './registry-text.ts'

const text = z.optional(z.string())
const flagsSchema = z.object({
  json: switchFlag,
  home: text,
  port: portFlag(1),
  project: text,
  path: text,
  context: text,
  mode: z.optional(z.array(z.string())),
})
type Flags = z.output<typeof flagsSchema>

const PAST = {
  register: 'Registered',
  touch: 'Touched',
  update: 'Updated',
  deregister: 'Deregistered',
} as const
type Change = keyof typeof PAST

/** Runs `registry ACTION`: lists the entries or changes one. */
export async function runRegistry(
  action: 'list' | Change,
  target: string | undefined,
  given: unknown,
  terminal: Terminal,
): Promise<void> {
  const flags = parseFlags(flagsSchema, given)
  checkUse(action, target, flags)
  await withSource(terminal, async (source) => {
    if (action === 'list') {
      const list = await source.registry.list()
      terminal.write(flags.json ? `${JSON.stringify(list, null, 2)}\n` : registryText(list))
      return
    }
    const written = await change(action, target ?? '', flags, source, terminal)
    if (flags.json) terminal.write(`${JSON.stringify(written, null, 2)}\n`)
    else terminal.write(`${PAST[action]} process ${written.entry.pid}: ${visibleLine(written.file)}\n`)
  })
}

/** Throws AppError `wrong-use` for flags that cannot be combined. */
function checkUse(action: 'list' | Change, target: string | undefined, flags: Flags): void {
  const wrong = (issue: string): never => {
    throw new AppError('wrong-use', { issue })
  }
  if (action === 'register' && !/^[1-9]\d{0,9}$/.test(target ?? '')) wrong('registry register takes a PID.')
  if (flags.path !== undefined && !flags.project) wrong('--path requires --project.')
  if (action === 'update' && Object.keys(changeOf(flags, '/')).length === 0)
    wrong('registry update takes at least one of --port, --project, --context, --mode.')
}

async function change(
  action: Change,
  target: string,
  flags: Flags,
  { registry }: DeckSource,
  terminal: Terminal,
): Promise<WrittenEntry> {
  const asked = changeOf(flags, terminal.cwd)
  if (action === 'register') {
    const serenaHome = flags.home ?? terminal.env['SERENA_HOME']
    const registration = {
      ...asked,
      pid: Number(target),
      ...(serenaHome && { serenaHome: resolve(terminal.cwd, serenaHome) }),
    }
    const parsed = z.safeParse(registrationSchema, registration)
    if (!parsed.success)
      throw new AppError('wrong-use', {
        issue: `Invalid ${parsed.error.issues[0]?.path.join('.')}.`,
      })
    return registry.register(parsed.data)
  }
  const { id } = findEntry(target, (await registry.list()).entries, terminal)
  if (action === 'touch') return registry.touch(id)
  return action === 'update' ? registry.update(id, asked) : registry.deregister(id)
}

/** The changes that the flags request; flags that were not given are absent. */
function changeOf({ port, project, path, context, mode }: Flags, cwd: string): RegistryChange {
  const folder = path === undefined ? null : resolve(cwd, path)
  return {
    ...(port !== undefined && { port }),
    ...(project !== undefined && { project: project === '' ? null : { name: project, path: folder } }),
    ...(context !== undefined && { context: context || null }),
    ...(mode !== undefined && { modes: mode }),
  }
}

/** Our own entry that TARGET names. AppError `entry-not-found` or `target-ambiguous`. */
function findEntry(target: string, entries: readonly ListedEntry[], { cwd }: Terminal): ListedEntry {
  const own = entries
    .filter(({ shape }) => shape === 'own')
    .map((entry) => ({ ...entry, title: `process ${entry.pid}` }))
  try {
    return resolveTarget(target, own, {
      absolutePath: (path) => resolve(cwd, path),
      launchers: new Map(),
    })
  } catch (error) {
    if (error instanceof AppError && error.code === 'instance-not-found')
      throw new AppError('entry-not-found', { target: visibleLine(target) })
    throw error
  }
}
