// Types of chromium.mjs for playwright.config.ts.
export function findChromium(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string | null
export function findHeadlessShell(env?: NodeJS.ProcessEnv): string | null
