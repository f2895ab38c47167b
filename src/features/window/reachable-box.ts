// Moves a window back onto the screen: a stored position may be on a monitor that is no longer connected. Pure.

import type { Box } from '../../platform/platform.ts'

/** The visible part of the title bar that is needed to drag the window, CSS pixels. */
const MIN_VISIBLE = 96
/** Height of the title bar, which the reported size does not include; desktops differ by a few pixels. */
const TITLE_BAR = 32

/** Returns the new box; null: the window is reachable and not larger than the monitor. */
export function reachableBox(window: Box, monitor: Box): Box | null {
  const width = Math.min(window.width, monitor.width)
  const height = Math.min(window.height, monitor.height - TITLE_BAR)
  const right = monitor.x + monitor.width
  const bottom = monitor.y + monitor.height
  const visibleWidth = Math.min(window.x + window.width, right) - Math.max(window.x, monitor.x)
  const isReachable =
    visibleWidth >= Math.min(MIN_VISIBLE, width) && window.y >= monitor.y && window.y + TITLE_BAR <= bottom
  if (isReachable && width === window.width && height === window.height) return null
  return {
    x: clamp(window.x, monitor.x, right - width),
    y: clamp(window.y, monitor.y, bottom - TITLE_BAR - height),
    width,
    height,
  }
}

const clamp = (value: number, from: number, to: number): number => Math.max(from, Math.min(value, to))
