// The tests that `npm run test:windows` runs in Node for Windows under Wine.
import { defineConfig } from 'vitest/config'
import { NOT_ON_WINDOWS } from './test/windows/not-on-windows.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'units',
          environment: 'node',
          include: ['extensions/**/*.test.ts', 'src/contract/**/*.test.ts'],
          exclude: NOT_ON_WINDOWS,
          isolate: false,
          pool: 'threads',
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'windows',
          environment: 'node',
          // The two of the hub know nothing of Unix.
          include: ['test/windows/**/*.test.ts', 'test/contract/hub-{messages,cancel}.test.ts'],
          exclude: ['test/windows/page.test.ts'],
          pool: 'threads',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
