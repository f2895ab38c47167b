// Counts tests in the reports that vitest and Playwright write. Pure.
import { stripVTControlCharacters } from 'node:util'

const REASON_LINES = 12

/** The first lines of an error, without colors, indented below the name of its test. */
const reasonOf = (message) =>
  stripVTControlCharacters(String(message ?? ''))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, REASON_LINES)
    .map((line) => `\n    ${line}`)
    .join('')

const lost = (code) => ({
  counts: { passed: 0, failed: 1, skipped: 0 },
  failures: [`ended with exit code ${code} and wrote no report`],
  skips: [],
})

/**
 * Counts the tests of a vitest JSON report; a file that could not be loaded and an error outside of all tests count as one failure
 * each.
 */
export function countVitest(report, code) {
  if (!report) return lost(code)
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const by = (...states) => tests.filter(({ status }) => states.includes(status))
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const failures = [
    ...by('failed').map(({ fullName, failureMessages }) => fullName + reasonOf(failureMessages?.[0])),
    ...broken.map((file) => `${file.name}: ${String(file.message).split('\n')[0]}`),
  ]
  if (code !== 0 && failures.length === 0) failures.push(`exit code ${code} though no test failed`)
  const skips = by('pending', 'skipped', 'disabled', 'todo').map(({ fullName }) => fullName)
  return {
    counts: { passed: by('passed').length, failed: failures.length, skipped: skips.length },
    failures,
    skips,
  }
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
}

/** Counts the tests of a Playwright JSON report; errors outside of all tests count as one failure each. */
export function countPlaywright(report, code) {
  if (!report) return lost(code)
  const tests = report.suites
    .flatMap(specsOf)
    .flatMap(({ title, tests }) => tests.map((test) => ({ title: `${test.projectName} ${title}`, ...test })))
  const by = (...states) => tests.filter(({ status }) => states.includes(status))
  const failures = [
    ...by('unexpected', 'flaky').map(
      ({ title, results }) => title + reasonOf(results?.find(({ error }) => error)?.error.message),
    ),
    ...report.errors.map(({ message }) => String(message).split('\n')[0]),
  ]
  if (code !== 0 && failures.length === 0) failures.push(`exit code ${code} though no test failed`)
  const skips = by('skipped').map(({ title, annotations }) =>
    [title, annotations?.find(({ type }) => type === 'skip')?.description].filter(Boolean).join(': '),
  )
  const passed = by('expected').length
  return { counts: { passed, failed: failures.length, skipped: skips.length }, failures, skips }
}
