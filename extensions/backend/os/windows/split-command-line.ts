// One Windows command line -> arguments, as the C runtime of the started program splits it. Pure.
// Source: Microsoft, "Parsing C command-line arguments". Python, Node and Rust programs follow these rules; the API function
// CommandLineToArgvW differs in one point only: after `""` inside quotes it goes on unquoted.

const isBlank = (character: string): boolean => character === ' ' || character === '\t'

/** Returns the arguments with the program first; none for an empty line. Every text gives a result. */
export function splitCommandLine(commandLine: string): string[] {
  const [text = ''] = commandLine.split('\0')
  if (text === '') return []
  const { program, rest } = takeProgram(text)
  return [program, ...splitArguments(rest)]
}

/** A program name cannot hold quotes: they only protect blanks, and backslashes mean themselves. */
function takeProgram(text: string): { program: string; rest: string } {
  let program = ''
  let isQuoted = false
  let i = 0
  for (; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '"') isQuoted = !isQuoted
    else if (isBlank(character) && !isQuoted) break
    else program += character
  }
  return { program, rest: text.slice(i) }
}

function splitArguments(text: string): string[] {
  const found: string[] = []
  let i = 0
  for (;;) {
    while (isBlank(text.charAt(i))) i++
    if (i >= text.length) return found
    const { argument, end } = takeArgument(text, i)
    found.push(argument)
    i = end
  }
}

function takeArgument(text: string, start: number): { argument: string; end: number } {
  let argument = ''
  let isQuoted = false
  let i = start
  while (i < text.length) {
    const slashes = countBackslashes(text, i)
    i += slashes
    const character = text.charAt(i)
    if (character !== '"') {
      argument += '\\'.repeat(slashes)
      if (character === '' || (isBlank(character) && !isQuoted)) break
      argument += character
    } else {
      // Before a quote each pair of backslashes is one, and an odd one makes the quote a character.
      argument += '\\'.repeat(slashes >> 1)
      if (slashes % 2 === 1) argument += '"'
      else if (isQuoted && text.charAt(i + 1) === '"') {
        argument += '"'
        i++
      } else isQuoted = !isQuoted
    }
    i++
  }
  return { argument, end: i }
}

function countBackslashes(text: string, from: number): number {
  let count = 0
  while (text.charAt(from + count) === '\\') count++
  return count
}
