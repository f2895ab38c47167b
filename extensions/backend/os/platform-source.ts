// Facts about processes and sockets, by platform.

import { createLinuxSource } from './linux/linux-source.ts'
import { loadCheckedCalls } from './macos/checked-calls.ts'
import { createMacosSource, readPs } from './macos/macos-source.ts'
import { createNativeMacosSource } from './macos/native-source.ts'
import { createPlainSource } from './plain/plain-source.ts'
import type { ProcessSource } from './process-facts.ts'
import { loadWindowsCalls } from './windows/native-calls.ts'
import { createNativeWindowsSource } from './windows/native-source.ts'
import { createWindowsSource } from './windows/windows-source.ts'

/** Creates the source of this platform; elsewhere ps-list, which knows fewer facts. */
export function createProcessSource(platform: NodeJS.Platform = process.platform): ProcessSource {
  if (platform === 'win32') return windowsSource()
  if (platform === 'darwin') return macosSource()
  return platform === 'linux' ? createLinuxSource() : createPlainSource()
}

/** By native calls; where these are not available, by PowerShell, which knows fewer facts. */
function windowsSource(): ProcessSource {
  const { calls, problem } = loadWindowsCalls()
  if (calls !== null) return createNativeWindowsSource(calls)
  const source = createWindowsSource()
  const fallback = `Folders and settings of instances are not read: native calls are not available (${problem}).`
  return { ...source, notice: () => source.notice() ?? fallback }
}

/** By native calls; where these are not available or not as expected, by `ps` and `lsof`, which prove less and take longer. */
function macosSource(): ProcessSource {
  const { calls, problem } = loadCheckedCalls()
  if (calls !== null) return createNativeMacosSource(calls, readPs)
  const fallback = `Processes are read with ps and lsof: native calls are not used (${problem}). Orphans are flagged instead and ended only on request.`
  return { ...createMacosSource(), notice: () => fallback }
}
