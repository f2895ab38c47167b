// Unit tests stand beside their files; contract tests drive the built product from outside.
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      // No file of these two leaves anything behind in its process: a process for each would be most of their time.
      {
        test: {
          name: 'contract-wall',
          environment: 'node',
          include: ['src/contract/**/*.test.ts'],
          isolate: false,
        },
      },
      {
        plugins: [solid()],
        test: {
          name: 'page',
          environment: 'jsdom',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['src/contract/**'],
          isolate: false,
        },
      },
      {
        // Properties over thousands of tables, on a busy machine.
        test: {
          name: 'backend',
          environment: 'node',
          include: ['extensions/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'contract',
          environment: 'node',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Real processes on a busy machine; vitest says "retry x1".
          retry: 1,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'native',
          environment: 'node',
          include: ['test/native/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          retry: 1,
        },
      },
      {
        test: {
          name: 'versions',
          environment: 'node',
          include: ['test/versions/**/*.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'innocents',
          environment: 'node',
          include: ['test/innocents/**/*.test.ts'],
          testTimeout: 240_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'long',
          environment: 'node',
          include: ['test/long/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
