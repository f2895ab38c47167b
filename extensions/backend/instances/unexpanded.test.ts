// Placeholders that reach Serena as they stand, and paths that only look like one.
import { expect, test } from 'vitest'
import { findUnexpanded, placeholderIn } from './unexpanded.ts'

test.each([
  ['${workspaceFolder}', '${workspaceFolder}'],
  ['${workspaceFolder:shop}/app', '${workspaceFolder:shop}'],
  ['/w/${env:NAME}', '${env:NAME}'],
  ['$(pwd)', '$(pwd)'],
  ['`pwd`', '`pwd`'],
  ['$PWD', '$PWD'],
  ['$HOME/shop', '$HOME'],
  ['%CD%', '%CD%'],
  ['%USERPROFILE%\\shop', '%USERPROFILE%'],
  ['~/shop', '~/shop'],
  ['~', '~'],
  ['~ana/shop', '~ana/shop'],
  ['{workspace}', '{workspace}'],
  ['{{ project_root }}', '{{ project_root }}'],
  ['<path-to-project>', '<path-to-project>'],
  ['/path/to/your/project', '/path/to/your/project'],
])('%s', (value, word) => {
  expect(placeholderIn(value)).toBe(word)
})

test.each([
  '/w/shop',
  'shop',
  '.',
  '/w/a$b',
  'C:\\w\\shop',
  '/w/100%',
  '/w/a~b',
  '/w/shop~',
  '/w/{}',
  '/my/path/to/x',
])('%s is a path', (value) => {
  expect(placeholderIn(value)).toBeNull()
})

test('names where it was found, and ignores a folder with exactly that name', () => {
  const values = [
    { where: '--project', value: null },
    { where: 'SERENA_HOME', value: '~/x' },
  ]
  expect(findUnexpanded(values, () => false)).toEqual({ where: 'SERENA_HOME', word: '~/x' })
  expect(findUnexpanded(values, () => true)).toBeNull()
})
