// Which editors are found: by fixed names in PATH, the one of $VISUAL first, none without a screen.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { editorCommand, editorNamed, editorOf, findEditors } from './editors.ts'
import { findWindowProgram } from './run-program.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-editors-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function install(...names: string[]): void {
  for (const name of names) {
    writeFileSync(join(folder, name), '#!/bin/sh\n')
    chmodSync(join(folder, name), 0o755)
  }
}
const place = (env: NodeJS.ProcessEnv = {}) => ({
  env: { PATH: folder, DISPLAY: ':0', ...env },
  platform: 'linux' as const,
})

it('finds what is installed, and puts the editor of $VISUAL first, without its options', () => {
  expect(findEditors(place())).toEqual([])
  install('code', 'zeditor', 'vim')
  expect(findEditors(place())).toEqual(['vscode', 'zed'])
  expect(findEditors(place({ VISUAL: '/usr/bin/zeditor --wait' }))).toEqual(['zed', 'vscode'])
  expect(findEditors(place({ VISUAL: 'vim' }))).toEqual(['vscode', 'zed'])
  expect(editorCommand('zed', place())).toEqual([join(folder, 'zeditor')])
})

it('finds none without a screen, and no program in a relative folder', () => {
  install('code')
  expect(findEditors(place({ DISPLAY: '' }))).toEqual([])
  expect(findWindowProgram('code', place({ PATH: `.:${folder}` }))).toBe(join(folder, 'code'))
  expect(findWindowProgram('code', place({ PATH: '.' }))).toBeNull()
})

it.each([
  ['code', 'vscode'],
  ['/opt/idea/bin/idea', 'idea'],
  ['vim', null],
  ['emacs -nw', null],
  ['', null],
])('%j of $VISUAL is %j', (command, id) => expect(editorOf(command)).toBe(id))

it('knows the editors by the names of owners', () => {
  expect([editorNamed('VS Code'), editorNamed('IntelliJ IDEA'), editorNamed('Claude Code')]).toEqual([
    'vscode',
    'idea',
    null,
  ])
})
