// Valid names of memories. Checked before anything is sent, because Serena makes a file path of the name.

const LONGEST = 200
/** Device names that Windows reserves, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i

/** Returns why a name is invalid, as a sentence; null: it is valid. A `/` makes folders (`style/conventions`). */
export function memoryNameProblem(name: string): string | null {
  if (name.trim() === '') return 'Enter a name.'
  if (name.length > LONGEST) return `A name can have at most ${LONGEST} characters.`
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name))
    return 'A name cannot contain control or invisible characters.'
  if (/[\\:*?"<>|%]/.test(name)) return 'A name cannot contain \\ : * ? " < > | %'
  const parts = name.split('/')
  if (parts.some((part) => part.trim() === '')) return 'A name cannot start or end with / or contain //.'
  if (parts.some((part) => /^\.+$/.test(part))) return 'A name cannot lead outside the memory folder.'
  if (parts.some((part) => part !== part.trim() || part.endsWith('.')))
    return 'No part of a name can start or end with a space or end with a dot.'
  if (parts.some((part) => DEVICE.test(part))) return 'This name is reserved by Windows.'
  if (/\.md$/i.test(name)) return 'Leave out .md: Serena adds it.'
  return null
}
