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
import { TARGET_FORMS, unknownAction } from './command-words.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { registryText } from './registry-text.ts'
import { type DeckSource, withSource } from './source.ts'
import { resolveTarget } from './target.ts'
import type { Terminal } from './terminal.ts'

const PORT = '--port takes a number from 1 to 65535'
const text = z.optional(z.coerce.string())
const flagsSchema = z.object({
  json: switchFlag,
  home: text,
  port: z.optional(z.int(PORT).check(z.minimum(1, PORT), z.maximum(65_535, PORT))),
  project: text,
  path: text,
  context: text,
  mode: z.optional(z.union([z.array(z.coerce.string()), z.coerce.string()])),
})
type Flags = z.output<typeof flagsSchema>

const PAST = {
  register: 'Registered',
  touch: 'Touched',
  update: 'Updated',
  deregister: 'Deregistered',
} as const
type Change = keyof typeof PAST
const isChange = (action: string): action is Change => Object.hasOwn(PAST, action)

/** Every action of `registry`. */
export async function runRegistry(
  action: string,
  target: string | undefined,
  given: unknown,
  terminal: Terminal,
): Promise<void> {
  const flags = parseFlags(flagsSchema, given)
  if (action !== 'list' && !isChange(action)) throw unknownAction('registry', action)
  checkUse(action, target, flags)
  await withSource(terminal, async (source) => {
    if (!isChange(action)) {
      const list = await source.registry.list()
      terminal.write(flags.json ? `${JSON.stringify(list, null, 2)}\n` : registryText(list))
      return
    }
    const written = await change(action, target ?? '', flags, source, terminal)
    if (flags.json) terminal.write(`${JSON.stringify(written, null, 2)}\n`)
    else terminal.write(`${PAST[action]} process ${written.entry.pid}: ${visibleLine(written.file)}\n`)
  })
}

function checkUse(action: string, target: string | undefined, flags: Flags): void {
  const wrong = (issue: string): never => {
    throw new AppError('wrong-use', { issue })
  }
  if (action === 'list' && target !== undefined) wrong('registry list takes no TARGET.')
  if (action === 'register' && target === undefined) wrong('Missing PID of the process to register.')
  if (action === 'register' && !/^[1-9]\d{0,9}$/.test(target ?? '')) wrong('registry register takes a PID.')
  if (action !== 'list' && target === undefined)
    wrong(`Missing TARGET (${TARGET_FORMS}). Run \`serena-deck registry list\` to see all entries.`)
  if (flags.path !== undefined && !flags.project) wrong('--path needs --project.')
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

/** What the flags say of the entry; those that were not given are not in it. */
function changeOf({ port, project, path, context, mode }: Flags, cwd: string): RegistryChange {
  const folder = path === undefined ? null : resolve(cwd, path)
  return {
    ...(port !== undefined && { port }),
    ...(project !== undefined && { project: project === '' ? null : { name: project, path: folder } }),
    ...(context !== undefined && { context: context || null }),
    ...(mode !== undefined && { modes: [mode].flat() }),
  }
}

/** The entry of ours that TARGET names; `entry-not-found`, or `target-ambiguous`. */
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
