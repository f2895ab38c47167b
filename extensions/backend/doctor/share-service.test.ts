// Files of clients in a temporary home: preview, change with a backup, undo; and what must not be written.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfigs } from '../clients/configs/read-configs.ts'
import { configDiff } from './config-diff.ts'
import { loadConfigTools } from './config-tools.ts'
import { createFileChanges } from './fix-apply.ts'
import { createShareService, type ShareService } from './share-service.ts'

let root: string
let project: string
let sharing: ShareService
const ID = '7-0123456789ab'

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deck-share-'))
  project = join(root, 'shop')
  mkdirSync(project)
  const stateFolder = join(root, 'state')
  sharing = createShareService({
    configs: (folder) =>
      readConfigs({
        home: join(root, 'home'),
        config: join(root, 'config'),
        platform: 'linux',
        projects: folder === null ? [] : [folder],
      }),
    projectOf: () => project,
    product: ['/opt/node', '/opt/cli.js'],
    changes: createFileChanges({ stateFolder, tools: loadConfigTools }),
    tools: loadConfigTools,
  })
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const entry = { command: 'serena', args: ['start-mcp-server', '--project', '/w'], env: { API_KEY: 'k3y' } }
const servers = (more: object = {}): string =>
  `${JSON.stringify({ theme: 'dark', mcpServers: { serena: entry, ...more } }, null, 2)}\n`
const GOOSE =
  'extensions:\n  serena:\n    type: stdio\n    cmd: serena # mine\n    args:\n      - start-mcp-server\n'
const cursorFile = (): string => join(root, 'home', '.cursor', 'mcp.json')
const read = (file: string): string => readFileSync(file, 'utf8')

async function shareAll(): Promise<string[]> {
  const { files } = await sharing.preview(ID)
  for (const { file, etag, hash } of files) await sharing.share(ID, { file, etag, hash })
  return files.map(({ file }) => file)
}

test('previews the files of all clients that start a Serena, and changes none', async () => {
  const cursor = write(cursorFile(), servers())
  const own = write(join(project, '.mcp.json'), servers())
  write(join(root, 'home', '.gemini', 'settings.json'), '{"mcpServers":{}}')
  const extension = join(root, 'home', '.gemini', 'extensions', 'x', 'gemini-extension.json')
  write(extension, servers())
  const goose = write(join(root, 'config', 'goose', 'config.yaml'), GOOSE)
  write(join(root, 'home', '.codex', 'config.toml'), '[mcp_servers')
  const { files } = await sharing.preview(ID)
  expect(
    files.map(({ client, file, isInProject, servers: names, problem }) => [
      client,
      file,
      isInProject,
      names,
      problem,
    ]),
  ).toEqual([
    ['Cursor', cursor, false, ['serena'], null],
    [
      'Gemini CLI',
      extension,
      false,
      ['serena'],
      'It belongs to an extension, whose next version replaces it.',
    ],
    ['Goose', goose, false, ['serena'], null],
    ['Claude Code', own, true, ['serena'], null],
  ])
  expect(files[0]?.diff).toContain('+      "command": "/opt/node",')
  expect(files[0]?.diff).toContain('-      "command": "serena",')
  expect(read(cursor)).toBe(servers())
})

test('writes what was previewed, keeps the mode and a backup, and undoes it', async () => {
  const file = write(cursorFile(), servers())
  chmodSync(file, 0o640)
  const { files } = await sharing.preview(ID)
  const [shown] = files
  const { backup } = await sharing.share(ID, { file, etag: shown?.etag ?? '', hash: shown?.hash ?? '' })
  expect(JSON.parse(read(file))).toMatchObject({
    theme: 'dark',
    mcpServers: {
      serena: {
        command: '/opt/node',
        args: ['/opt/cli.js', 'connect', '--', 'serena', 'start-mcp-server', '--project', '/w'],
        env: { API_KEY: 'k3y' },
      },
    },
  })
  expect(read(backup)).toBe(servers())
  expect([statSync(file).mode & 0o777, statSync(backup).mode & 0o777]).toEqual([0o640, 0o600])
  expect((await sharing.preview(ID)).files).toEqual([])
  await sharing.undo(file)
  expect(read(file)).toBe(servers())
  await expect(sharing.undo(file)).rejects.toMatchObject({ code: 'not-found' })
})

test('writes YAML, and keeps its comments', async () => {
  const file = write(join(root, 'config', 'goose', 'config.yaml'), GOOSE)
  expect(await shareAll()).toEqual([file])
  expect(read(file)).toBe(
    'extensions:\n  serena:\n    type: stdio\n    cmd: /opt/node # mine\n    args:\n' +
      "      - /opt/cli.js\n      - connect\n      - '--'\n      - serena\n      - start-mcp-server\n",
  )
  await sharing.undo(file)
  expect(read(file)).toBe(GOOSE)
})

test('an undo keeps what the client has saved meanwhile', async () => {
  const file = write(cursorFile(), servers())
  await shareAll()
  const saved = read(file).replace('"dark"', '"light"')
  writeFileSync(file, saved)
  await sharing.undo(file)
  expect(read(file)).toBe(servers().replace('"dark"', '"light"'))
})

describe('refuses', () => {
  test('a file that has changed since the preview, or whose diff was not shown', async () => {
    const file = write(cursorFile(), servers())
    const [shown] = (await sharing.preview(ID)).files
    const request = { file, etag: shown?.etag ?? '', hash: shown?.hash ?? '' }
    await expect(sharing.share(ID, { ...request, hash: '0' })).rejects.toMatchObject({
      code: 'diff-not-seen',
    })
    writeFileSync(file, servers({ other: { command: 'x' } }))
    await expect(sharing.share(ID, request)).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect(read(file)).toBe(servers({ other: { command: 'x' } }))
  })

  test('an undo of an entry that was changed again', async () => {
    const file = write(cursorFile(), servers())
    await shareAll()
    const edited = read(file).replace('"/w"', '"/other"')
    writeFileSync(file, edited)
    await expect(sharing.undo(file)).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect(read(file)).toBe(edited)
  })

  test('a project that is reached by a link is no link out of it', async () => {
    write(join(project, '.mcp.json'), servers())
    const real = project
    project = join(root, 'link')
    symlinkSync(real, project)
    const [shown] = (await sharing.preview(ID)).files
    expect(shown).toMatchObject({ file: join(project, '.mcp.json'), isInProject: true, problem: null })
  })

  test('a file that no client has, and a link that leads out of the project', async () => {
    const other = write(join(root, 'other.json'), servers())
    const request = { file: other, etag: '0', hash: '0' }
    await expect(sharing.share(ID, request)).rejects.toMatchObject({ code: 'not-found' })
    symlinkSync(other, join(project, '.mcp.json'))
    const [shown] = (await sharing.preview(ID)).files
    expect(shown?.problem).toBe('It is a link that leads out of the project.')
    await expect(shareAll()).rejects.toMatchObject({ code: 'bad-input' })
    expect(read(other)).toBe(servers())
  })

  test('a folder that all users can write to', async () => {
    const file = write(cursorFile(), servers())
    chmodSync(dirname(file), 0o777)
    await expect(shareAll()).rejects.toMatchObject({ code: 'folder-unsafe' })
    expect(read(file)).toBe(servers())
  })
})

test('the diff shows no value of an unchanged line', () => {
  const before = servers({ other: { command: 'x', env: { DATABASE: 'pg://u:pw@h' } } })
  const diff = configDiff(before, before.replace('"serena",\n', '"/opt/node",\n'))
  expect(diff).toContain('-      "command": "serena",')
  expect(diff.join('\n')).not.toMatch(/k3y|pw@|dark/)
  const secret = 'args = ["--api-key", "s3cret"]\n  "--token",\n  "s3cret",\n'
  expect(configDiff(secret, `x\n${secret}`).join()).not.toContain('s3cret')
  expect(configDiff(secret, '').join()).not.toContain('s3cret')
  expect(configDiff('a = "1"\nb = 2\n', 'a = "1"\nb = 3\n')).toEqual([' a = "********"', '-b = 2', '+b = 3'])
})
