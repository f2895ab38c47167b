import { expect, test } from 'vitest'
import { trayMenu } from './tray-menu.ts'

const menu = (count: number, some: Partial<Record<'green' | 'yellow' | 'red' | 'blue' | 'grey', number>>) =>
  trayMenu({ count, byColor: { green: 0, yellow: 0, red: 0, blue: 0, grey: 0, ...some } }).map(
    ({ id, text }) => (id === null ? text : `${id}: ${text}`),
  )

test('counts instances by kind and offers to kill zombies only if there are any', () => {
  expect(menu(0, {})).toEqual([
    'No Serena instances are running',
    '-',
    'show: Show Serena Deck',
    '-',
    'quit: Quit',
  ])
  expect(menu(3, { green: 2, grey: 1 })[0]).toBe('2 live, 1 other, 0 zombies')
  expect(menu(2, { yellow: 1, red: 1 })).toEqual([
    '1 idle, 1 zombie',
    '-',
    'show: Show Serena Deck',
    'kill: Kill all zombies (1) …',
    '-',
    'quit: Quit',
  ])
})
