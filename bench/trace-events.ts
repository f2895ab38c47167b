// Computes the work of the main thread of the busiest page from a Chromium trace. Pure.
import * as z from 'zod/mini'

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number(),
  dur: z.optional(z.number()),
  /** CPU time of the thread, without the time of other processes. */
  tdur: z.optional(z.number()),
  args: z.optional(z.record(z.string(), z.unknown())),
})
type Event = z.infer<typeof eventSchema>
const traceSchema = z.object({ traceEvents: z.array(z.unknown()) })

export interface MainThreadWork {
  /** Work per frame, longest first, in milliseconds of CPU time. It ends with a pause of one millisecond or at the next frame. */
  framesMs: readonly number[]
  /** The sum of all frames. */
  sumMs: number
}

const PAUSE_US = 1_000

/** Throws when the input is not a trace of a page. */
export function mainThreadWork(trace: Buffer): MainThreadWork {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')))
  const events = traceEvents.flatMap((event) => {
    const parsed = eventSchema.safeParse(event)
    return parsed.success ? [parsed.data] : []
  })
  const threads = events
    .filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain')
    .map(({ pid, tid }) => framesOf(events.filter((event) => event.pid === pid && event.tid === tid)))
  const works = threads.map((framesMs) => ({
    framesMs: framesMs.toSorted((a, b) => b - a),
    sumMs: framesMs.reduce((sum, one) => sum + one, 0),
  }))
  const [busiest] = works.toSorted((a, b) => b.sumMs - a.sumMs)
  if (!busiest) throw new Error('the trace names no main thread of a page')
  return busiest
}

const isTask = ({ name, ph }: Event): boolean =>
  ph === 'X' && (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask')

interface Stretch {
  toUs: number
  workUs: number
  /** The frame was submitted to the compositor: later work belongs to the next frame. */
  isHandedOn: boolean
}

/** Returns the work per frame from the events of one thread. */
function framesOf(events: readonly Event[]): number[] {
  const commits = events.filter(({ name }) => name === 'BeginCommitCompositorFrame').map(({ ts }) => ts)
  const stretches: Stretch[] = []
  for (const { ts, dur = 0, tdur = dur } of events.filter(isTask).toSorted((a, b) => a.ts - b.ts)) {
    const last = stretches.at(-1)
    const toUs = ts + dur
    // A nested task is counted with its outer task.
    if (last && toUs <= last.toUs) continue
    const isHandedOn = commits.some((commit) => commit >= ts && commit < toUs)
    if (last && !last.isHandedOn && ts - last.toUs < PAUSE_US)
      Object.assign(last, { toUs, workUs: last.workUs + tdur, isHandedOn })
    else stretches.push({ toUs, workUs: tdur, isHandedOn })
  }
  return stretches.map(({ workUs }) => workUs / 1000)
}
