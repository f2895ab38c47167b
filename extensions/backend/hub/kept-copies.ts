// Answers that are equal for all projects of one Serena version, context and interface (docs/dev/hub.md): kept on disk, so that a
// client has its tools at once while Serena itself still starts.
import { join } from 'node:path'
import { makePrivate } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'

/** Requests without arguments whose answer is kept. */
export const KEPT_LISTS: readonly string[] = [
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]
const MAX_BYTES = 8 * 1024 * 1024

export interface KeptCopies {
  /** A whole answer, one line; null: none is kept. */
  read(copyKey: string, method: string): Buffer | null
  /** Keeps an answer that has no error. Returns false: it was kept already, with the same content. */
  write(copyKey: string, method: string, answer: Buffer): Promise<boolean>
}

/** Creates the copies in a folder, which is made when it is needed. */
export function createKeptCopies(folder: string): KeptCopies {
  const fileOf = (copyKey: string, method: string): string =>
    join(folder, `${shortHash(copyKey)}-${method.replaceAll('/', '-')}.jsonl`)

  /** The first line is the key: two keys may have one hash. */
  function read(copyKey: string, method: string): Buffer | null {
    const found = readRegularFile(fileOf(copyKey, method), MAX_BYTES)
    if (found.kind !== 'text' || found.isCut) return null
    const [key, answer = ''] = found.text.split('\n')
    return key === copyKey && isJson(answer) ? Buffer.from(answer) : null
  }

  return {
    read,
    async write(copyKey, method, answer) {
      if (read(copyKey, method)?.equals(answer)) return false
      if (answer.length > MAX_BYTES / 2 || makePrivate(folder) !== null) return true
      // Loaded only to write: once for each version of Serena.
      const { writeFileWhole } = await import('../os/files/write-file.ts')
      writeFileWhole(fileOf(copyKey, method), Buffer.concat([Buffer.from(`${copyKey}\n`), answer]))
      return true
    },
  }
}

/** FNV-1a with 32 bits, twice: for a file name, not for safety. */
function shortHash(text: string): string {
  const hash = (seed: number): string => {
    let value = seed
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
    return (value >>> 0).toString(16).padStart(8, '0')
  }
  return hash(0x811c9dc5) + hash(0x9747b28c)
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    // Damaged: as if none was kept.
    return false
  }
}
