// Types of what playwright.config.ts uses of chromium.mjs.
export function findChromium(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string | null
