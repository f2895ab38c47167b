// Types of wine.mjs for the test of the page.
export const folder: string
export const nodeProgram: string
export function windowsPath(path: string): string
export function wineEnvironment(): NodeJS.ProcessEnv
