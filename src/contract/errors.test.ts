// Every error says why and what to do, and carries nothing that the table does not name.
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { errorBodySchema } from './error-body.ts'
import { AppError, ERRORS, type ErrorCode, errorBody } from './errors.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]

describe('ERRORS', () => {
  it.each(codes)('%s reads as sentences without any data', (code) => {
    const { error } = z.parse(errorBodySchema, errorBody(code))
    expect(error.why).toMatch(/^[A-Z].*\.$/)
    expect(error.fix).toMatch(/^[A-Z].*[.]$/)
    expect(`${error.why} ${error.fix}`).not.toMatch(/undefined|NaN|\[object/)
  })

  it('is a surface: codes, statuses and exit codes change only on purpose', () => {
    const surface = codes.map((code) => `${code} ${ERRORS[code].status} ${ERRORS[code].exitCode}`)
    expect(surface).toMatchInlineSnapshot(`
      [
        "bad-request 400 2",
        "bad-input 400 2",
        "host-refused 403 1",
        "origin-refused 403 1",
        "unauthorized 401 1",
        "too-many-attempts 429 1",
        "method-not-allowed 405 2",
        "not-found 404 3",
        "too-large 413 2",
        "unsupported-media-type 415 2",
        "no-upgrade 426 2",
        "instance-not-found 404 3",
        "target-ambiguous 400 2",
        "instance-replaced 409 1",
        "not-to-be-ended 403 1",
        "no-dashboard 409 1",
        "dashboard-timeout 504 1",
        "dashboard-unreachable 502 1",
        "dashboard-too-large 502 1",
        "dashboard-nonsense 502 1",
        "dashboard-refused 502 1",
        "not-in-this-serena 409 1",
        "outcome-unknown 504 1",
        "changed-meanwhile 412 1",
        "diff-not-seen 428 1",
        "outside-of-project 409 1",
        "place-not-known 404 3",
        "port-taken 500 1",
        "port-forbidden 500 1",
        "state-folder-unsafe 500 1",
        "state-folder-unusable 500 1",
        "not-written 500 1",
        "folder-unsafe 500 1",
        "key-not-changed 409 1",
        "file-locked 503 1",
        "process-not-found 404 3",
        "entry-not-found 404 3",
        "backend-not-running 500 3",
        "hub-not-running 404 3",
        "backend-not-started 500 1",
        "window-not-started 500 1",
        "backend-unreachable 500 1",
        "runtime-unpinned 500 1",
        "runtime-unusable 500 1",
        "runtime-download-failed 500 1",
        "runtime-wrong-checksum 500 1",
        "runtime-not-kept 500 1",
        "desktop-not-changed 500 1",
        "own-process-stays 500 1",
        "file-unusable 500 1",
        "program-not-started 500 1",
        "hub-unsafe 500 1",
        "hub-not-started 500 1",
        "hub-silent 504 1",
        "hub-too-old 503 1",
        "hub-refused 502 1",
        "wrong-use 400 2",
        "internal 500 1",
      ]
    `)
  })

  it('keeps the cause', () => {
    const cause = new Error('below')
    expect(new AppError('port-taken', { port: 25282, owner: 'nginx' }, { cause })).toMatchObject({
      message: 'Port 25282 is in use by nginx.',
      cause,
    })
  })
})
