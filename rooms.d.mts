export const BACKEND: readonly (readonly [name: string, sentence: string])[]
export const PAGE: readonly (readonly [name: string, sentence: string])[]
export interface Wall {
  name: string
  files: readonly string[]
  forbidden: string
  message: string
}
export function walls(features: readonly string[]): readonly Wall[]
