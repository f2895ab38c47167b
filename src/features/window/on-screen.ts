// Where a window must stand so that a person can reach it: a remembered place may be on a monitor that is gone. Pure.

import type { Box } from '../../platform/platform.ts'

/** So much of the title's bar must be in sight, in pixels of the page. */
const REACHABLE = 96
/** Its bar stands above the size that it tells; desktops differ by a few pixels. */
const BAR = 32

/** The box that is to be taken instead; null: it can be reached where it is, and is no larger than the monitor. */
export function broughtOnScreen(window: Box, monitor: Box): Box | null {
  const width = Math.min(window.width, monitor.width)
  const height = Math.min(window.height, monitor.height - BAR)
  const right = monitor.x + monitor.width
  const bottom = monitor.y + monitor.height
  const inSight = Math.min(window.x + window.width, right) - Math.max(window.x, monitor.x)
  const isReachable =
    inSight >= Math.min(REACHABLE, width) && window.y >= monitor.y && window.y + BAR <= bottom
  if (isReachable && width === window.width && height === window.height) return null
  return {
    x: clamp(window.x, monitor.x, right - width),
    y: clamp(window.y, monitor.y, bottom - BAR - height),
    width,
    height,
  }
}

const clamp = (value: number, from: number, to: number): number => Math.max(from, Math.min(value, to))
