// One file out of a zip: a real archive, and broken ones.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readZipEntry } from './zip-entry.ts'

/** Made by Python's zipfile: a stored entry, a deflated one, and a comment. */
const zip = Buffer.from(
  'UEsDBBQAAAAAAAAAIVAwNMYBDgAAAA4AAAAUAAAAbmV1dHJhbGluby1saW51eF94NjRzdG9yZWQgcHJvZ3JhbVBLAwQUAAAACAAAACFQa7OqARgAAABUAQAAEgAAAG5ldXRyYWxpbm8tbWFjX3g2NEtJTctJLElNUSgoyk8vSsxVSBkVoFQAAFBLAQIUAxQAAAAAAAAAIVAwNMYBDgAAAA4AAAAUAAAAAAAAAAAAAACAAQAAAABuZXV0cmFsaW5vLWxpbnV4X3g2NFBLAQIUAxQAAAAIAAAAIVBrs6oBGAAAAFQBAAASAAAAAAAAAAAAAACAAUAAAABuZXV0cmFsaW5vLW1hY194NjRQSwUGAAAAAAIAAgCCAAAAiAAAAAkAYSBjb21tZW50',
  'base64',
)
const names = ['neutralino-linux_x64', 'neutralino-mac_x64'] as const
const contents = ['stored program', 'deflated program '.repeat(20)]
const text = (archive: Buffer, name: string, maxBytes = 1000): string | undefined =>
  readZipEntry(archive, name, maxBytes)?.toString()

it('reads stored and deflated entries', () => {
  expect(names.map((name) => text(zip, name))).toEqual(contents)
})

it('returns no other entry, and none that is too large', () => {
  expect(text(zip, 'neutralino')).toBeUndefined()
  expect(text(zip, names[1], 339)).toBeUndefined()
})

it('refuses an archive that is cut anywhere, and other files', () => {
  for (let length = 0; length < zip.length; length++)
    for (const name of names) expect(text(zip.subarray(0, length), name)).toBeUndefined()
  expect(text(Buffer.from('<!doctype html>'.repeat(100)), names[0])).toBeUndefined()
})

it('never gives other contents, whatever bytes were changed', () => {
  const changes = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(changes, fc.nat(1), (list, which) => {
      const changed = Buffer.from(zip)
      for (const [at, value] of list) changed[at] = value
      const found = text(changed, names[which] ?? '')
      expect([undefined, contents[0], contents[1]]).toContain(found)
    }),
    { numRuns: 3000 },
  )
})
