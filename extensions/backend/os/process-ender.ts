// Ending processes, by platform. Each signal follows directly on a proof that the process is still the intended one.

import type { ProcessEnder } from './held-process.ts'
import { loadKernel } from './linux/kernel.ts'
import { createLinuxEnder } from './linux/linux-ender.ts'
import { createPlainEnder } from './plain/plain-ender.ts'
import { loadWindowsCalls } from './windows/native-calls.ts'
import { createNativeEnder } from './windows/native-ender.ts'
import { createNativeWindowsSource } from './windows/native-source.ts'

/** Creates the ender of this platform, with the kernel's own process handles where available. */
export function createProcessEnder(platform: NodeJS.Platform = process.platform): ProcessEnder {
  if (platform === 'linux') return createLinuxEnder({ kernel: () => loadKernel().kernel })
  const { calls } = loadWindowsCalls()
  return platform === 'win32' && calls !== null
    ? createNativeEnder({ calls, source: createNativeWindowsSource(calls), ownPid: process.pid })
    : createPlainEnder(platform)
}
