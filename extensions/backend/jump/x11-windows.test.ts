import { expect, it } from 'vitest'
import { parseClients } from './multiplexers.ts'
import { chooseWindow, parseWindowList } from './x11-windows.ts'

const LIST = `0x01200003  0 4711   host shop - a title
0x01400003 -1 4711   host other
0x01600003  1 0      host no pid
0x01800003  1 12     host
not a line
`
const windows = parseWindowList(LIST)

it('reads the windows of wmctrl', () => {
  expect(windows).toEqual([
    { id: 0x01200003, pid: 4711, title: 'shop - a title' },
    { id: 0x01400003, pid: 4711, title: 'other' },
    { id: 0x01600003, pid: 0, title: 'no pid' },
    { id: 0x01800003, pid: 12, title: '' },
  ])
})

it('chooses the window of the nearest process: by its number, by a word of its title, or the first', () => {
  const id = (pids: number[], windowId: number | null = null, word: string | null = null) =>
    chooseWindow(windows, { pids, windowId, word })?.id ?? null
  expect(id([1, 4711, 12])).toBe(0x01200003)
  expect(id([1, 4711], 0x01400003)).toBe(0x01400003)
  expect(id([4711], null, 'other')).toBe(0x01400003)
  // A window of a process that is not in the chain is never taken.
  expect(id([4711], 0x01800003)).toBe(0x01200003)
  expect(id([1])).toBeNull()
})

it('reads the terminals of tmux, the most recently used first', () => {
  expect(parseClients('5 10 $0 /dev/pts/1\n9 11 $1 /dev/pts/2\nbroken\n').map(({ pid }) => pid)).toEqual([
    11, 10,
  ])
})
