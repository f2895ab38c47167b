// Which names a memory may have. Said before anything is sent: Serena makes a file path of it.

const LONGEST = 200
/** Names that Windows keeps for devices, whatever follows a dot. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i

/** Why that is no name for a memory, in words; null: it is one. A `/` makes folders (`style/conventions`). */
export function memoryNameProblem(name: string): string | null {
  if (name.trim() === '') return 'A memory needs a name.'
  if (name.length > LONGEST) return `A name has at most ${LONGEST} characters.`
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return 'A name holds no control or invisible characters.'
  if (/[\\:*?"<>|%]/.test(name)) return 'A name holds none of \\ : * ? " < > | %'
  const parts = name.split('/')
  if (parts.some((part) => part.trim() === '')) return 'A / stands between two names.'
  if (parts.some((part) => /^\.+$/.test(part))) return 'A name may not lead out of the memory folder.'
  if (parts.some((part) => part !== part.trim() || part.endsWith('.')))
    return 'No part of a name begins or ends with a blank or ends with a dot.'
  if (parts.some((part) => DEVICE.test(part))) return 'Windows keeps that name for itself.'
  if (/\.md$/i.test(name)) return 'Serena adds the .md itself.'
  return null
}
