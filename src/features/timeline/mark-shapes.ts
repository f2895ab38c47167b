// The marks of a lane as SVG paths around 0,0. Shapes that differ without color.
import type { MarkKind } from './timeline-input.ts'

interface MarkShape {
  path: string
  isFilled: boolean
  tone: 'red' | 'text' | 'muted'
}

export const MARK_SHAPES: Readonly<Record<MarkKind, MarkShape>> = {
  start: { path: 'M0-8V8', isFilled: false, tone: 'text' },
  wake: { path: 'M-4 2A4 4 0 0 1 4 2M-6 5H6M0-3V-7', isFilled: false, tone: 'text' },
  sleep: { path: 'M1-6A6 6 0 1 0 6 2A5 5 0 0 1 1-6Z', isFilled: true, tone: 'muted' },
  exit: { path: 'M-3.5 0A3.5 3.5 0 1 0 3.5 0A3.5 3.5 0 1 0-3.5 0', isFilled: false, tone: 'muted' },
  kill: { path: 'M-5-5L5 5M5-5L-5 5', isFilled: false, tone: 'red' },
  crash: { path: 'M0-7L7 6H-7Z', isFilled: true, tone: 'red' },
  survived: { path: 'M-5-5L5 5M-6 0H6', isFilled: false, tone: 'red' },
}

/** What the marks mean, for the legend. */
export const LEGEND: readonly { kind: MarkKind; text: string }[] = [
  { kind: 'start', text: 'start' },
  { kind: 'kill', text: 'ended' },
  { kind: 'exit', text: 'exited' },
  { kind: 'crash', text: 'crash' },
  { kind: 'sleep', text: 'sleep' },
]
