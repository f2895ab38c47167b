// Entry of the page in a browser.
import { createBrowserPlatform } from './platform/browser.ts'
import { start } from './start.tsx'

await start(createBrowserPlatform())
