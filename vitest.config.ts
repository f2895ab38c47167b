// Unit tests are beside their files; contract tests run the built product through its public interfaces.
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'
import { NOT_ON_WINDOWS } from './test/windows/not-on-windows.ts'

/** Unit tests of the backend that start real processes and wait for them: part of `npm test`, not of `npm run check`. */
const PROCESS_TESTS = [
  'access/backend-client',
  'dashboards/dashboard',
  'demo/*',
  'desktop/entry-texts',
  'ending/act',
  'history/history-file',
  'http/server-stream',
  'os/linux/{connection-owner,linux-ender,linux-source,own-log,process-sockets,stdio-connection}',
  'os/macos/{macos-source,native-on-mac}',
  'os/plain/plain-ender',
  'os/kernel-lock',
  'os/windows/{query-program,windows-source}',
  'registry/write-entry',
  'serena/launch-command',
  'window/native-runtime',
  'window/runtime/disks',
].map((name) => `extensions/backend/${name}.test.ts`)

/** Checks of the repository itself: the same on every system, and written for paths with slashes. */
const REPOSITORY_TESTS = ['rooms', 'links', 'language', 'threats'].map((name) => `test/${name}.test.ts`)

const isWindows = process.platform === 'win32'
const NOT_HERE = isWindows ? [...NOT_ON_WINDOWS, ...REPOSITORY_TESTS] : []
/** `test/contract` starts programs of Unix; Windows has a suite of its own, whose page needs Wine and a Chromium of Linux. */
const CONTRACT = isWindows ? ['test/windows/!(page).test.ts'] : ['test/contract/**/*.test.ts']

/** Vitest's default leaves one core unused; most tests wait for processes rather than compute. */
const WORKERS = { maxWorkers: 3 }

export default defineConfig({
  test: {
    projects: [
      // The files of these three projects leave no state in the process, and a process for each would take most of their time.
      {
        test: {
          name: 'contract-wall',
          ...WORKERS,
          environment: 'node',
          include: ['src/contract/**/*.test.ts'],
          isolate: false,
        },
      },
      {
        test: {
          name: 'page',
          ...WORKERS,
          environment: 'node',
          include: ['src/**/*.test.ts'],
          exclude: ['src/contract/**'],
          isolate: false,
        },
      },
      // A document for each file takes much longer than its tests.
      {
        plugins: [solid()],
        test: {
          name: 'page-dom',
          ...WORKERS,
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        // Property tests with thousands of tables, on a busy machine.
        test: {
          name: 'backend',
          ...WORKERS,
          environment: 'node',
          include: ['extensions/**/*.test.ts', ...REPOSITORY_TESTS],
          exclude: [...PROCESS_TESTS, ...NOT_HERE],
          isolate: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'processes',
          ...WORKERS,
          environment: 'node',
          include: PROCESS_TESTS,
          exclude: NOT_HERE,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'contract',
          environment: 'node',
          include: CONTRACT,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'native',
          environment: 'node',
          include: ['test/native/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'windows-page',
          environment: 'node',
          include: ['test/windows/page.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 30_000,
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
          name: 'chaos',
          environment: 'node',
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: 600_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'clients',
          environment: 'node',
          include: ['test/clients/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
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
