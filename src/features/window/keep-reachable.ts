// Moves a new window onto the screen, and checks that it stays there.
import type { WindowControls } from '../../platform/platform.ts'
import { reachableBox } from './reachable-box.ts'

/** X11 window managers place a new window some time after it was asked for: a position read before is not the final one. */
const CHECK_EVERY_MS = 500
const CHECKS = 6

/** Checks the position of the window for 3 s, and moves it whenever it cannot be reached. Returns a function that stops. */
export function keepReachable(window: Pick<WindowControls, 'readBounds' | 'setBounds'>): () => void {
  let left = CHECKS
  const check = async (): Promise<void> => {
    left -= 1
    if (left === 0) clearInterval(timer)
    const { window: current, monitor } = await window.readBounds()
    const box = reachableBox(current, monitor)
    if (box) window.setBounds(box)
  }
  const timer = setInterval(() => void check(), CHECK_EVERY_MS)
  void check()
  return () => clearInterval(timer)
}
