// Changes to an instance, with a real Serena and its real files.
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StandIn } from '../../extensions/backend/demo/start-stand-in.ts'
import { idOf, startBackend, type TestBackend } from '../helpers/backend.ts'
import { isAlive } from '../helpers/processes.ts'
import { hasSerena, type RealSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { traceCalls, whyNoStrace } from '../helpers/strace.ts'
import {
  makeSerenaHome,
  makeTempFolder,
  makeTypeScriptProject,
  type SampleProject,
} from '../helpers/temp-home.ts'
import { scopePerFile, scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

describe.skipIf(!hasSerena())('a real Serena 2.1.0', () => {
  const scope = scopePerFile()
  let backend: TestBackend
  let serena: RealSerena
  let project: SampleProject
  let params: { id: string }
  const memoryFile = (name: string): string => join(project.path, '.serena', 'memories', `${name}.md`)

  beforeAll(async () => {
    const serenaHome = await makeSerenaHome(scope)
    project = await makeTypeScriptProject(scope)
    serena = await startSerena(scope, { serenaHome, project: project.path })
    backend = await startBackend(scope, { homes: [serenaHome] })
    params = { id: await idOf(backend, serena.pid) }
  })

  test('creates, reads, edits, renames and deletes a memory and its file', async () => {
    const name = 'style/conventions'
    const first = await backend.call('saveMemory', {
      params,
      body: { name, content: '# One\n', basedOn: null },
    })
    expect(first).toEqual({ name, content: '# One\n' })
    expect(await readFile(memoryFile(name), 'utf8')).toBe('# One\n')
    expect(await backend.call('memory', { params, query: { name } })).toEqual(first)
    await backend.call('saveMemory', {
      params,
      body: { name, content: '# Zwei – ünïcode\n', basedOn: '# One\n' },
    })
    expect(await readFile(memoryFile(name), 'utf8')).toBe('# Zwei – ünïcode\n')
    await backend.call('renameMemory', { params, body: { from: name, to: 'rules' } })
    expect(await readFile(memoryFile('rules'), 'utf8')).toBe('# Zwei – ünïcode\n')
    await backend.call('deleteMemory', { params, body: { name: 'rules' } })
    await expect(readFile(memoryFile('rules'))).rejects.toThrow()
  })

  test('does not overwrite a concurrent change', async () => {
    const name = 'shared'
    await backend.call('saveMemory', { params, body: { name, content: 'mine', basedOn: null } })
    await writeFile(memoryFile(name), 'theirs')
    const save = (basedOn: string | null) =>
      backend.call('saveMemory', { params, body: { name, content: 'mine again', basedOn } })
    await expect(save('mine')).rejects.toThrow('412')
    await expect(save(null)).rejects.toThrow('412')
    expect(await readFile(memoryFile(name), 'utf8')).toBe('theirs')
    await save('theirs')
  })

  test('refuses an invalid name before any request is sent', async () => {
    for (const name of ['../../x', '/etc/x', 'a//b', '..\\x', '%2e%2e%2f', 'CON', 'x:ads', 'x'.repeat(300)]) {
      const body = { name, content: 'x', basedOn: null }
      await expect(backend.call('saveMemory', { params, body }), name).rejects.toThrow('400')
    }
  })

  test('does not write through a memory that links outside the project', async () => {
    const outside = join(await makeTempFolder(scope, 'outside'), 'victim.md')
    await writeFile(outside, 'precious')
    await mkdir(join(project.path, '.serena', 'memories'), { recursive: true })
    await symlink(outside, memoryFile('linked'))
    const body = { name: 'linked', content: 'x', basedOn: 'precious' }
    await expect(backend.call('saveMemory', { params, body })).rejects.toThrow('409')
    expect(await readFile(outside, 'utf8')).toBe('precious')
  })

  test('clears the log and the statistics, and reads the log from its start', async () => {
    await serena.callTool('list_dir', { relative_path: '.', recursive: false })
    const before = await backend.call('logs', { params, query: { from: '0' } })
    if (!before.isAvailable) throw new Error('absent')
    await backend.call('clearLogs', { params, body: {} })
    const next = String(before.data.next)
    expect(await backend.call('logs', { params, query: { from: next } })).toMatchObject({
      data: { isReset: true },
    })
    expect(JSON.stringify(await backend.call('stats', { params }))).toContain('list_dir')
    await backend.call('clearStats', { params, body: {} })
    expect(await backend.call('stats', { params })).toMatchObject({ data: { tools: [] } })
  })

  test('adds and removes a language', async () => {
    const languages = await backend.call('languages', { params })
    if (!languages.isAvailable) throw new Error('absent')
    expect(languages.data.languages).toContain('markdown')
    const active = async () => {
      const overview = await backend.call('overview', { params })
      return overview.isAvailable ? overview.data.languageServers : []
    }
    await backend.call('removeLanguage', { params, body: { language: 'typescript' } })
    await waitUntil('typescript to go', async () => !(await active()).includes('typescript'))
    await backend.call('addLanguage', { params, body: { language: 'typescript' } })
    await waitUntil('typescript to be back', async () => (await active()).includes('typescript'))
    await expect(backend.call('addLanguage', { params, body: { language: 'klingon' } })).rejects.toThrow(
      '502',
    )
  })

  test('saves the configuration after its diff, with a backup and with its secret masked', async () => {
    const file = join(serena.serenaHome, 'serena_config.yml')
    const original = await readFile(file, 'utf8')
    expect(original).toMatch(/^auth_secret: \S/m)
    const secret = /^auth_secret: (\S+)/m.exec(original)?.[1] ?? 'none'
    const shown = await backend.call('configuration', { params })
    expect(shown.text).not.toContain(secret)
    const text = shown.text.replace(/^log_level: 20$/m, 'log_level: 10')
    const save = (change: Partial<{ text: string; etag: string; hash: string | null }>) =>
      backend.call('saveConfiguration', { params, body: { text, etag: shown.etag, hash: null, ...change } })
    await expect(save({})).rejects.toThrow('428')
    const preview = await backend.call('previewConfiguration', { params, body: { text, etag: shown.etag } })
    expect(preview.problem).toBeNull()
    expect(preview.diff.filter((line) => !line.startsWith(' '))).toEqual(['-log_level: 20', '+log_level: 10'])
    await writeFile(file, `${original}# by another program\n`)
    await expect(save({ hash: preview.hash })).rejects.toThrow('412')
    expect(await readFile(file, 'utf8')).toContain('# by another program')
    await writeFile(file, original)
    await save({ hash: preview.hash })
    const saved = await readFile(file, 'utf8')
    expect(saved).toBe(original.replace(/^log_level: 20$/m, 'log_level: 10'))
    const [backup = ''] = await readdir(join(backend.stateFolder, 'backups'))
    expect(await readFile(join(backend.stateFolder, 'backups', backup), 'utf8')).toBe(original)
    const broken = {
      text: 'projects: [unclosed\n',
      etag: (await backend.call('configuration', { params })).etag,
    }
    const refused = await backend.call('previewConfiguration', { params, body: broken })
    expect(refused.problem).toContain('Invalid YAML')
    await expect(
      backend.call('saveConfiguration', { params, body: { ...broken, hash: refused.hash } }),
    ).rejects.toThrow('400')
  })

  test('shutdown resolves after the process has exited; later calls report it', async () => {
    expect(await backend.call('shutdown', { params, body: {} })).toEqual({ hasEnded: true })
    expect(isAlive(serena.mark)).toBe(false)
    await expect(backend.call('overview', { params })).rejects.toThrow(/40[49]/)
  })
})

describe('a faulty dashboard', () => {
  const scope = scopePerTest()

  test('checks an unanswered save once: stored, not stored or unknown', async () => {
    const serenaHome = await makeSerenaHome(scope)
    const silentRoutes = [
      { '/save_memory': 'after' },
      { '/save_memory': 'before' },
      { '/save_memory': 'after', '/get_memory': 'before' },
    ] as const
    const standIns = await Promise.all(
      silentRoutes.map((silent) =>
        startTestStandIn(scope, {
          serenaHome,
          options: { project: { name: 'x', path: '/srv/x' }, silentRoutes: silent },
        }),
      ),
    )
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const body = { name: 'new', content: 'x', basedOn: null }
    const save = async ({ pid }: StandIn): Promise<unknown> =>
      backend.call('saveMemory', { params: { id: await idOf(backend, pid) }, body }).catch(String)
    const why = 'The instance did not confirm the request: saving the memory.'
    expect(await Promise.all(standIns.map(save))).toEqual([
      { name: 'new', content: 'x' },
      expect.stringMatching(`504 .*"outcome-unknown".*"${why} Checked right after: it is not stored."`),
      expect.stringMatching(`504 .*"outcome-unknown".*"${why}"`),
    ])
  })
})

describe.runIf(process.platform === 'linux')('folders of an instance', () => {
  const scope = scopePerTest()

  test('opens only known folders in the file manager, without a shell', async () => {
    const tools = await makeTempFolder(scope, 'tools')
    const opener = join(tools, 'xdg-open')
    await writeFile(opener, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${tools}/argv'\n`)
    await chmod(opener, 0o755)
    const serenaHome = await makeSerenaHome(scope)
    const folder = await makeTempFolder(scope, 'odd')
    const project = join(folder, '-x $(touch pwned) `touch pwned`; touch pwned\n"it\'s"')
    await mkdir(project)
    const standIn = await startTestStandIn(scope, {
      serenaHome,
      options: { project: { name: 'x', path: project } },
    })
    const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' }
    const backend = await startBackend(scope, { homes: [serenaHome], env })
    const params = { id: await idOf(backend, standIn.pid) }
    await backend.call('overview', { params })
    const shown = await backend.call('reveal', { params, body: { place: 'project' } })
    expect(shown).toEqual({ isShown: true, path: project })
    const log = await backend.call('reveal', { params, body: { place: 'log' } })
    expect(log.path.startsWith(join(serenaHome, 'logs'))).toBe(true)
    expect(await readFile(join(tools, 'argv'), 'utf8')).toBe(`${project}\n${log.path}\n`)
    const other = { params, body: { place: '/etc' as 'log' } }
    await expect(backend.call('reveal', other)).rejects.toThrow('400')
    // A file created by a shell would be in the working directory of the backend.
    expect(await readdir(backend.env['SERENA_DECK_STATE'] ?? '')).not.toContain('pwned')
  })

  const why = whyNoStrace()
  test.skipIf(why !== null)(`starts no shell, by strace${why === null ? '' : ` (${why})`}`, async () => {
    const tools = await makeTempFolder(scope, 'tools')
    await symlink('/bin/true', join(tools, 'xdg-open'))
    const serenaHome = await makeSerenaHome(scope)
    const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' }
    const backend = await startBackend(scope, { homes: [serenaHome], env })
    const programs = await traceCalls(scope, backend.program.mark, 'execve')
    const folder = join(await makeTempFolder(scope, 'odd'), '-x $(id) `id`; id\n"it\'s" & | > y')
    await mkdir(folder)
    const options = { project: { name: '; id', path: folder } }
    const standIn = await startTestStandIn(scope, { serenaHome, options, cwd: folder })
    const params = { id: await idOf(backend, standIn.pid) }
    await backend.call('overview', { params })
    await backend.call('reveal', { params, body: { place: 'project' } })
    await backend.call('end', { body: { ids: [params.id], scope: 'named' } })
    const started = programs()
    expect(started.join('\n')).toContain(`execve("${tools}/xdg-open", ["xdg-open", "${folder.split('\n')[0]}`)
    expect(started.filter((line) => /^execve\("[^"]*\/(env|(ba|da|k|z|a)?sh)"/.test(line))).toEqual([])
  })

  test('reports a project folder that no longer exists', async () => {
    const serenaHome = await makeSerenaHome(scope)
    const options = { project: { name: 'x', path: '/srv/missing' } }
    const standIn = await startTestStandIn(scope, { serenaHome, options })
    const backend = await startBackend(scope, { homes: [serenaHome], env: { DISPLAY: ':99' } })
    const params = { id: await idOf(backend, standIn.pid) }
    await expect(backend.call('reveal', { params, body: { place: 'project' } })).rejects.toThrow('404')
  })
})
