// Which clients share a Serena.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClientHello, NO_FLAGS } from './protocol.ts'
import { type Place, START_PLACE, specOf } from './serena-spec.ts'

let root = ''
let shop = ''
let home = ''

const program = (): string => join(root, 'bin', process.platform === 'win32' ? 'serena.exe' : 'serena')

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'serena-deck-spec-')))
  shop = join(root, 'shop')
  home = join(root, 'home')
  for (const folder of [join(shop, '.git'), join(shop, 'src'), home, join(root, 'bin')])
    mkdirSync(folder, { recursive: true })
  writeFileSync(program(), '#!/usr/bin/python3\n', { mode: 0o755 })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function hello(words: string, changes: Partial<ClientHello> = {}): ClientHello {
  const [program = '', ...args] = words.split(' ').filter((word) => word !== '')
  return {
    ...{
      serenaDeck: 'hello',
      kind: 'client',
      protocol: 1,
      release: '0',
      pid: 1,
      parentPid: 1,
      isResumed: false,
    },
    ...{ cwd: join(shop, 'src'), command: [program, ...args], flags: NO_FLAGS },
    env: { PATH: join(root, 'bin'), HOME: root, SERENA_HOME: home },
    ...changes,
  }
}

const START = 'serena start-mcp-server --context codex'
const keyOf = (of: ClientHello, place: Place = START_PLACE, owner = 'c1'): string =>
  specOf(of, place, owner).key

describe('share', () => {
  it.skipIf(process.platform === 'win32')('from any folder of a project, however it is named', () => {
    symlinkSync(shop, join(root, 'link'))
    const keys = [
      hello(`${START} --project-from-cwd`),
      hello(`${START} --project-from-cwd`, { cwd: shop }),
      hello(`${START} --project ${shop}`, { cwd: '/' }),
      hello(`${START} --project=.`, { cwd: shop }),
      hello(`serena start-mcp-server --project ${join(root, 'link')} --context codex`),
    ].map((one) => keyOf(one))
    expect(new Set(keys).size).toBe(1)
  })

  it.runIf(process.platform === 'win32')('in any case and with any slashes, as Windows has them', () => {
    const keys = [shop, shop.toUpperCase(), shop.toLowerCase(), shop.replaceAll('\\', '/')].flatMap(
      (path) => [
        keyOf(hello(`${START} --project-from-cwd`, { cwd: path })),
        keyOf(hello(`${START} --project ${path}`)),
        keyOf(
          hello(`${START} --project-from-cwd`, {
            cwd: path,
            env: { ...hello('').env, PATH: join(root, 'BIN') },
          }),
        ),
      ],
    )
    expect(new Set(keys).size).toBe(1)
  })

  it('a program that is not there, from any folder', () => {
    const nowhere = START.replace('serena', 'no-serena')
    expect(keyOf(hello(`${nowhere} --project ${shop}`, { cwd: home }))).toBe(
      keyOf(hello(`${nowhere} --project ${shop}`)),
    )
  })

  it('a project by its name', () => {
    mkdirSync(join(shop, '.serena'))
    writeFileSync(join(shop, '.serena', 'project.yml'), 'project_name: "the shop"\n')
    writeFileSync(
      join(home, 'serena_config.yml'),
      `language_backend: LSP\nprojects:\n- /nowhere\n- ${shop}\n`,
    )
    const byName = hello('', {
      command: ['serena', 'start-mcp-server', '--context', 'codex', '--project', 'the shop'],
    })
    expect(keyOf(byName)).toBe(keyOf(hello(`${START} --project-from-cwd`)))
  })
})

describe('do not share', () => {
  const base = (): ClientHello => hello(`${START} --project-from-cwd`)

  it.each<[string, () => ClientHello]>([
    ['another context', () => hello('serena start-mcp-server --context ide --project-from-cwd')],
    ['a mode', () => hello(`${START} --project-from-cwd --mode planning`)],
    ['another interface', () => hello(`${START} --project-from-cwd --agent-interface repl`)],
    ['another SERENA_HOME', () => ({ ...base(), env: { ...base().env, SERENA_HOME: root } })],
    ['a share name', () => ({ ...base(), flags: { ...NO_FLAGS, shareAs: 'mine' } })],
    ['another project', () => hello(`${START} --project ${root}`)],
    [
      'a variable that the user marked',
      () => ({ ...base(), env: { ...base().env, SERENA_DECK_SHARE_BY: 'TOKEN', TOKEN: '1' } }),
    ],
  ])('%s', (_, other) => {
    expect(keyOf(other())).not.toBe(keyOf(base()))
  })

  it('another program, or another version of it', () => {
    const before = keyOf(base())
    writeFileSync(program(), '#!/usr/bin/python3\n# 2\n')
    expect(keyOf(base())).not.toBe(before)
  })

  it.each<[string, string, Partial<ClientHello>]>([
    ['(--private)', `${START} --project-from-cwd`, { flags: { ...NO_FLAGS, isPrivate: true } }],
    ['no project', START, {}],
    ['no project', `${START} --project-from-cwd`, { cwd: tmpdir() }],
    ['not recognized', 'node server.js', {}],
    ['another place', 'docker run -i image serena start-mcp-server --project /shop', {}],
    ['not stdio', `${START} --project-from-cwd --transport sse`, {}],
  ])('%s: %s', (reason, words, changes) => {
    const one = hello(words, changes)
    expect(specOf(one, START_PLACE, 'c1').privateBecause).toContain(reason)
    expect(keyOf(one, START_PLACE, 'c1')).not.toBe(keyOf(one, START_PLACE, 'c2'))
  })
})

describe('after activate_project', () => {
  it('a client without a project shares with those that name it', () => {
    const place = { ...START_PLACE, root: shop }
    const spec = specOf(hello(START, { cwd: root }), place, 'c9')
    expect(spec.privateBecause).toBeNull()
    expect(spec.command.slice(-2)).toEqual(['--project', shop])
    expect(spec.key).toBe(keyOf(hello(`${START} --project-from-cwd`)))
  })

  it('starts the other project in place of the named one', () => {
    const { command } = specOf(
      hello(`${START} --project=${shop} --log-level INFO`),
      { ...START_PLACE, root },
      'c1',
    )
    expect(command).toEqual([...START.split(' '), '--log-level', 'INFO', '--project', root])
  })
})

describe('kept answers', () => {
  const copyKey = (of: ClientHello): string => specOf(of, START_PLACE, 'c1').copyKey
  const here = (): ClientHello => hello(`${START} --project-from-cwd`)

  it('are those of another project', () => {
    mkdirSync(join(root, 'other', '.git'), { recursive: true })
    mkdirSync(join(shop, '.serena'))
    writeFileSync(join(shop, '.serena', 'project.yml'), 'project_name: shop\nexcluded_tools: []\n')
    mkdirSync(join(root, 'other', '.serena'))
    writeFileSync(
      join(root, 'other', '.serena', 'project.yml'),
      '# text\nproject_name: other\n\nexcluded_tools: []\n',
    )
    expect(copyKey(hello(`${START} --project-from-cwd`, { cwd: join(root, 'other') }))).toBe(copyKey(here()))
  })

  it('are not those of a project with other tools, or of a client without one', () => {
    const before = copyKey(here())
    mkdirSync(join(shop, '.serena'))
    writeFileSync(
      join(shop, '.serena', 'project.yml'),
      'excluded_tools:\n  - rename_symbol # why\nlanguages:\n- ruby\n',
    )
    expect(copyKey(here())).not.toBe(before)
    expect(copyKey(hello(START))).not.toBe(before)
  })
})
