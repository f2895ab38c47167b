// Facts about processes and sockets, by platform.
import type { ProcessSource } from '../facts.ts'
import { createLinuxSource } from './linux/linux-source.ts'
import { createMacosSource } from './macos/macos-source.ts'
import { createPlainSource } from './plain/plain-source.ts'
import { createWindowsSource } from './windows/windows-source.ts'

/** The source of this platform; elsewhere ps-list, which knows fewer facts. */
export function createProcessSource(platform: NodeJS.Platform = process.platform): ProcessSource {
  if (platform === 'win32') return createWindowsSource()
  if (platform === 'darwin') return createMacosSource()
  return platform === 'linux' ? createLinuxSource() : createPlainSource()
}
