// Blocks of top-level keys.
import { expect, it } from 'vitest'
import { projectFolders } from './registered-projects.ts'
import { blocksOf } from './tool-settings.ts'

it('gives the lines of the named keys, without comments', () => {
  const text = 'a: 1\n# note\nexcluded_tools:\n- x   # why\n\n  - y\nb:\n- z\nread_only: true\r\nc: 2\n'
  expect(blocksOf(text, ['excluded_tools', 'read_only'])).toBe('excluded_tools:\n- x\n  - y\nread_only: true')
  expect(blocksOf('', ['a'])).toBe('')
})

it.each([
  ['projects:\n- /a\n- "/b c"\n- \'/d\'\nother:\n- /e\n', ['/a', '/b c', '/d']],
  ['projects: []\n', []],
  ['projects:\n  - /größe\n', ['/größe']],
  ['', []],
])('reads registered folders: %j', (text, folders) => {
  expect(projectFolders(text)).toEqual(folders)
})
