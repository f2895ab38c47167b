// A window that can be reached is left where it is; any other comes back whole.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Box } from '../../platform/platform.ts'
import { broughtOnScreen } from './on-screen.ts'

const MONITOR: Box = { x: 0, y: 0, width: 1400, height: 900 }
const at = (x: number, y: number, width = 440, height = 820): Box => ({ x, y, width, height })

it.each([
  ['inside', at(100, 40), null],
  ['half beyond the right edge', at(1300, 40), null],
  ['half beyond the left edge', at(-300, 40), null],
  ['below, its bar in sight', at(100, 860), null],
  ['beyond the right edge', at(1500, 40), at(960, 40)],
  ['on a monitor to the left that is gone', at(-1000, 40), at(0, 40)],
  ['above', at(100, -200), at(100, 0)],
  ['below', at(100, 1000), at(100, 48)],
  ['larger than the monitor', at(0, 0, 2000, 1200), at(0, 0, 1400, 868)],
] as const)('%s', (_, window, expected) => {
  expect(broughtOnScreen(window, MONITOR)).toEqual(expected)
})

it('what comes back is whole on the monitor, and stays there', () => {
  const size = fc.integer({ min: 300, max: 4000 })
  const place = fc.integer({ min: -6000, max: 6000 })
  const box = fc.record({ x: place, y: place, width: size, height: size })
  fc.assert(
    fc.property(box, box, (window, monitor) => {
      const brought = broughtOnScreen(window, monitor)
      if (brought === null) return
      expect(brought.x).toBeGreaterThanOrEqual(monitor.x)
      expect(brought.y).toBeGreaterThanOrEqual(monitor.y)
      expect(brought.x + brought.width).toBeLessThanOrEqual(monitor.x + monitor.width)
      expect(brought.y + brought.height).toBeLessThanOrEqual(monitor.y + monitor.height)
      expect(broughtOnScreen(brought, monitor)).toBeNull()
    }),
  )
})
