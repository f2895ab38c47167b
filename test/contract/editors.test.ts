// Opens a project folder in a stand-in for VS Code: its path is one argument, whatever it is called.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test.skipIf(process.platform === 'win32')(
  'lists the editors in PATH and opens the folder in one, without a shell',
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const tools = await makeTempFolder(scope, 'tools')
    const record = join(tools, 'record')
    await writeFile(join(tools, 'code'), `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > ${record}\n`)
    await chmod(join(tools, 'code'), 0o755)
    const path = join(await makeTempFolder(scope, 'projects'), '$(id); x & -r')
    await mkdir(path)
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'odd', path } },
    })
    const nameless = await startTestStandIn(scope, { serenaHome: home })
    const env = { PATH: `${tools}:/usr/bin:/bin`, DISPLAY: ':9', VISUAL: 'code --wait' }
    const backend = await startBackend(scope, { homes: [home], env })
    const idOf = (pid: number): Promise<string> =>
      waitUntil('the instance', async () => {
        const { instances } = await backend.call('sweep')
        const found = instances.find((one) => one.pid === pid)
        return pid === nameless.pid || found?.project?.path ? found?.id : undefined
      })
    const id = await idOf(standIn.pid)
    expect((await backend.call('editors')).editors[0]).toEqual({ id: 'vscode', name: 'VS Code' })
    const input = { params: { id }, body: { editor: 'vscode' } } as const
    expect(await backend.call('openInEditor', input)).toEqual({ isShown: true, path })
    expect(await readFile(record, 'utf8')).toBe(`1\n${path}\n`)
    // Not installed; no folder; no editor of ours; a path instead of an id.
    expect((await backend.call('openInEditor', { ...input, body: { editor: 'rider' } })).isShown).toBe(false)
    const without = { ...input, params: { id: await idOf(nameless.pid) } }
    await expect(backend.call('openInEditor', without)).rejects.toThrow('place-not-known')
    const post = async (target: string, body: object): Promise<number> =>
      (
        await backend.fetch(`/api/instances/${target}/editor`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status
    expect(await post(id, { editor: '/bin/sh' })).toBe(400)
    expect(await post(encodeURIComponent('/etc'), { editor: 'vscode' })).toBe(400)
    expect(await post('999-0123456789ab', { editor: 'vscode' })).toBe(404)
  },
  120_000,
)
