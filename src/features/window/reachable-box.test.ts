// A reachable window is not moved; any other is moved completely onto the monitor.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Box } from '../../platform/platform.ts'
import { reachableBox } from './reachable-box.ts'

const MONITOR: Box = { x: 0, y: 0, width: 1400, height: 900 }
const at = (x: number, y: number, width = 440, height = 820): Box => ({ x, y, width, height })

it.each([
  ['inside', at(100, 40), null],
  ['half beyond the right edge', at(1300, 40), null],
  ['half beyond the left edge', at(-300, 40), null],
  ['below, title bar visible', at(100, 860), null],
  ['beyond the right edge', at(1500, 40), at(960, 40)],
  ['on a monitor to the left that is no longer connected', at(-1000, 40), at(0, 40)],
  ['above', at(100, -200), at(100, 0)],
  ['below', at(100, 1000), at(100, 48)],
  ['larger than the monitor', at(0, 0, 2000, 1200), at(0, 0, 1400, 868)],
] as const)('%s', (_, window, expected) => {
  expect(reachableBox(window, MONITOR)).toEqual(expected)
})

it('moves the window completely onto the monitor, once', () => {
  const size = fc.integer({ min: 300, max: 4000 })
  const place = fc.integer({ min: -6000, max: 6000 })
  const box = fc.record({ x: place, y: place, width: size, height: size })
  fc.assert(
    fc.property(box, box, (window, monitor) => {
      const moved = reachableBox(window, monitor)
      if (moved === null) return
      expect(moved.x).toBeGreaterThanOrEqual(monitor.x)
      expect(moved.y).toBeGreaterThanOrEqual(monitor.y)
      expect(moved.x + moved.width).toBeLessThanOrEqual(monitor.x + monitor.width)
      expect(moved.y + moved.height).toBeLessThanOrEqual(monitor.y + monitor.height)
      expect(reachableBox(moved, monitor)).toBeNull()
    }),
  )
})
