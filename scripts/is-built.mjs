// npm run deck loads this first: without a build Node would only say which file it cannot find.
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../dist/backend/cli.js', import.meta.url))) {
  console.error('Build first: npm ci && npm run build')
  process.exit(1)
}
