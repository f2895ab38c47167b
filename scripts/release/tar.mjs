// Makes a tar archive (POSIX ustar) that depends only on names, contents and modes: no times, no users, fixed order. Pure.
const BLOCK = 512

const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`

/** Splits a long name at a slash, as ustar requires: 100 bytes for the end, 155 for the beginning. */
function splitName(name) {
  if (Buffer.byteLength(name) <= 100) return ['', name]
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)]
    if (Buffer.byteLength(rest) <= 100 && Buffer.byteLength(prefix) <= 155) return [prefix, rest]
  }
  throw new Error(`too long for an archive: ${name}`)
}

function header(name, { size, isExecutable }) {
  const block = Buffer.alloc(BLOCK)
  const [prefix, rest] = splitName(name)
  block.write(rest, 0)
  block.write(octal(isExecutable ? 0o755 : 0o644, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** Returns the archive of `[{ name, content, isExecutable }]`. */
export function tarOf(files) {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const blocks = sorted.flatMap(({ name, content, isExecutable }) => [
    header(name, { size: content.length, isExecutable }),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ])
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}
