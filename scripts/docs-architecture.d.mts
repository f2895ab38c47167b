export const ARCHITECTURE: string
export function renderArchitecture(text: string): string
export function writeArchitecture(): void
