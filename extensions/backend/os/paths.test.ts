// Folders by platform.
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cacheFolder, defaultSerenaHome, onlyHomes, settingsFile, stateFolder } from './paths.ts'

it.each([
  ['linux', { HOME: '/home/ana' }, '/home/ana/.local/state/serena-deck'],
  ['linux', { HOME: '/home/ana', XDG_STATE_HOME: '/x' }, '/x/serena-deck'],
  ['darwin', { HOME: '/Users/ana' }, '/Users/ana/Library/Application Support/serena-deck'],
  ['win32', { USERPROFILE: 'C:\\Users\\ana' }, 'C:\\Users\\ana\\AppData\\Local\\serena-deck'],
  ['win32', { USERPROFILE: 'C:\\U', LOCALAPPDATA: 'D:\\L' }, 'D:\\L\\serena-deck'],
  ['linux', { HOME: '/home/ana', SERENA_DECK_STATE: '/tmp/s' }, '/tmp/s'],
] as const)('%s %j keeps its state in %s', (platform, env, folder) => {
  expect(stateFolder(env, platform)).toBe(folder)
})

it.each([
  ['linux', { HOME: '/home/ana' }, '/home/ana/.cache/serena-deck'],
  ['linux', { HOME: '/home/ana', XDG_CACHE_HOME: '/x' }, '/x/serena-deck'],
  ['linux', { HOME: '/home/ana', XDG_CACHE_HOME: 'x' }, '/home/ana/.cache/serena-deck'],
  ['darwin', { HOME: '/Users/ana' }, '/Users/ana/Library/Caches/serena-deck'],
  ['win32', { USERPROFILE: 'C:\\U', LOCALAPPDATA: 'D:\\L' }, 'D:\\L\\serena-deck\\cache'],
] as const)('%s %j caches in %s', (platform, env, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder)
})

it.each([
  ['linux', { HOME: '/home/ana' }, '/home/ana/.config/serena-deck/settings.json'],
  ['linux', { HOME: '/home/ana', XDG_CONFIG_HOME: '/x' }, '/x/serena-deck/settings.json'],
  ['darwin', { HOME: '/Users/ana' }, '/Users/ana/Library/Application Support/serena-deck/settings.json'],
  ['win32', { USERPROFILE: 'C:\\U', APPDATA: 'D:\\R' }, 'D:\\R\\serena-deck\\settings.json'],
  ['linux', { HOME: '/home/ana', SERENA_DECK_STATE: '/tmp/s' }, '/tmp/s/settings.json'],
] as const)('%s %j keeps its settings in %s', (platform, env, file) => {
  expect(settingsFile(env, platform)).toBe(file)
})

it.skipIf(process.platform === 'win32')('finds homes', () => {
  expect(defaultSerenaHome({ HOME: '/h' }, 'linux')).toBe('/h/.serena')
  expect(defaultSerenaHome({ HOME: '/h', SERENA_HOME: '/s' }, 'linux')).toBe('/s')
  expect(defaultSerenaHome({ HOME: '/h', SERENA_HOME: ' s\t' }, 'linux', '/place')).toBe('/place/s')
  expect(defaultSerenaHome({ HOME: '/h', SERENA_HOME: '~/s' }, 'linux', '/srv/project')).toBe(
    '/srv/project/~/s',
  )
  expect(defaultSerenaHome({ HOME: '/h', SERENA_HOME: ' ' }, 'linux')).toBe('/h/.serena')
  expect(defaultSerenaHome({}, 'linux')).toBe(join(userInfo().homedir, '.serena'))
  expect(onlyHomes({}, 'linux')).toBeNull()
  expect(onlyHomes({ SERENA_DECK_ONLY_HOMES: '/a : /b c ' }, 'linux')).toEqual(['/a', '/b c'])
  expect(onlyHomes({ SERENA_DECK_ONLY_HOMES: '' }, 'linux')).toEqual([])
  expect(onlyHomes({ SERENA_DECK_ONLY_HOMES: '/a:/b:' }, 'linux')).toEqual(['/a', '/b'])
  expect(onlyHomes({ SERENA_DECK_ONLY_HOMES: 'C:\\a;D:\\b' }, 'win32')).toEqual(['C:\\a', 'D:\\b'])
})
