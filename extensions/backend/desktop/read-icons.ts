// The icons of the entries that are written.
import { readFile } from 'node:fs/promises'
import { iconFiles } from '../lib/product.ts'
import type { InstallInput } from './install-plan.ts'

/** Reads them from this copy. */
export async function readIcons(): Promise<InstallInput['icons']> {
  const [png256, png512, svg] = await Promise.all([
    readFile(iconFiles.png256),
    readFile(iconFiles.png512),
    readFile(iconFiles.svg),
  ])
  return { png256, png512, svg }
}
