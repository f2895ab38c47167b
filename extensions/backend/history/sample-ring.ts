// A number for each step of the last week, in a buffer of fixed size.
import { WEEK_SAMPLES } from '#contract/usage'

const UNKNOWN = 0xff_ff_ff_ff

export interface SampleRing {
  /** The newest step; null: there is none. */
  last(): number | null
  /** Sets the newest step; steps in between, and those after a clock that was set back, are unknown. */
  moveTo(step: number): void
  set(step: number, value: number): void
  /** Returns the samples of the week that ends with this step, without unknown ones at the start. */
  until(step: number): (number | null)[]
  /** Takes samples, the last one of this step. */
  restore(step: number, samples: readonly (number | null)[]): void
}

/** Creates a ring of 8 KB without samples. */
export function createSampleRing(): SampleRing {
  const values = new Uint32Array(WEEK_SAMPLES).fill(UNKNOWN)
  let last: number | null = null

  const set = (step: number, value: number): void => {
    values[placeOf(step)] = value
  }
  const valueAt = (step: number): number | null => {
    const isHeld = last !== null && step <= last && step > last - WEEK_SAMPLES
    const value = isHeld ? values[placeOf(step)] : UNKNOWN
    return value === undefined || value === UNKNOWN ? null : value
  }

  return {
    last: () => last,
    moveTo(step) {
      if (last === null || Math.abs(step - last) >= WEEK_SAMPLES) values.fill(UNKNOWN)
      else for (let one = Math.min(step, last) + 1; one <= Math.max(step, last); one++) set(one, UNKNOWN)
      last = step
    },
    set,
    until(step) {
      const samples: (number | null)[] = []
      for (let one = step - WEEK_SAMPLES + 1; one <= step; one++) {
        const value = valueAt(one)
        if (value !== null || samples.length > 0) samples.push(value)
      }
      return samples
    },
    restore(step, samples) {
      last = step
      samples.slice(-WEEK_SAMPLES).forEach((value, at, { length }) => {
        if (value !== null) set(step - length + 1 + at, value)
      })
    },
  }
}

const placeOf = (step: number): number => ((step % WEEK_SAMPLES) + WEEK_SAMPLES) % WEEK_SAMPLES
