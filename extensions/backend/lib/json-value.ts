/** Parses a JSON text; undefined: it is not JSON, or incomplete. */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The caller says what that means.
    return undefined
  }
}

/** Parses the text of a JSON file that a person may have edited: some editors of Windows write a byte order mark. */
export const jsonOfFile = (text: string): unknown => jsonValue(text.replace(/^\ufeff/, ''))
