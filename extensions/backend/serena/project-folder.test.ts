// The project that arguments or folder name, on real folders.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cpuTimeMs } from '../lib/cpu-time.fixture.ts'
import { projectByCommand } from './project-folder.ts'
import { projectRootAbove } from './project-root.ts'
import { serenaCommand } from './serena-process.fixture.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deck-project-'))
  mkdirSync(join(root, 'shop', '.git'), { recursive: true })
  mkdirSync(join(root, 'shop', 'src', 'deep'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('projectByCommand', () => {
  it('names a path by its folder, or by project_name', async () => {
    const shop = join(root, 'shop')
    expect(await projectByCommand(serenaCommand({ project: shop }), null)).toEqual({
      name: 'shop',
      path: shop,
    })
    expect(await projectByCommand(serenaCommand({ project: 'shop' }), root)).toEqual({
      name: 'shop',
      path: shop,
    })
    mkdirSync(join(shop, '.serena'))
    writeFileSync(
      join(shop, '.serena', 'project.yml'),
      'project_name: "shöp & co"\nlanguages: [typescript]\n',
    )
    expect(await projectByCommand(serenaCommand({ project: shop }), null)).toEqual({
      name: 'shöp & co',
      path: shop,
    })
    writeFileSync(join(shop, '.serena', 'project.yml'), 'project_name: [broken\n')
    expect(await projectByCommand(serenaCommand({ project: shop }), null)).toEqual({
      name: 'shop',
      path: shop,
    })
  })

  it('reads a project file of any size quickly', async () => {
    const shop = join(root, 'shop')
    mkdirSync(join(shop, '.serena'))
    const more = Array.from({ length: 300_000 }, (_, i) => `key_${i}: ${i}`).join('\n')
    for (const [text, name] of [
      [`project_name: big\n${more}`, 'big'],
      [`${more}\nproject_name: late\n`, 'shop'],
      [`project_name: "${'x'.repeat(10_000_000)}"\n`, 'shop'],
    ] as const) {
      writeFileSync(join(shop, '.serena', 'project.yml'), text)
      const began = cpuTimeMs()
      expect(await projectByCommand(serenaCommand({ project: shop }), null)).toEqual({ name, path: shop })
      expect(cpuTimeMs() - began).toBeLessThan(500)
    }
  })

  it('takes a word that is no folder for a registered name, and invents no path', async () => {
    expect(await projectByCommand(serenaCommand({ project: 'blog' }), root)).toEqual({
      name: 'blog',
      path: null,
    })
    expect(await projectByCommand(serenaCommand({ project: '/gone/blog' }), root)).toEqual({
      name: 'blog',
      path: '/gone/blog',
    })
  })

  it('walks up from the working folder to the nearest project', async () => {
    const deep = join(root, 'shop', 'src', 'deep')
    expect(projectRootAbove(deep)).toBe(join(root, 'shop'))
    const fromCwd = serenaCommand({ isProjectFromCwd: true })
    expect(await projectByCommand(fromCwd, deep)).toEqual({ name: 'shop', path: join(root, 'shop') })
    expect(await projectByCommand(fromCwd, null)).toBeNull()
    expect(await projectByCommand(serenaCommand(), deep)).toBeNull()
  })
})
