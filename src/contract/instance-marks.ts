// The shape that marks a state or a color, so that it can be read without seeing the color. Pure.
import type { Colour, State } from './instance.ts'

export const STATE_SHAPES = {
  live: 'full',
  idle: 'half',
  starting: 'dashes',
  asleep: 'moon',
  suspended: 'bars',
  unknown: 'ring',
  'no-dashboard': 'ring',
  dead: 'cross',
  orphaned: 'cross',
  leftover: 'cross',
  hung: 'cross',
} as const satisfies Record<State, string>

export const COLOR_SHAPES = {
  green: 'full',
  yellow: 'half',
  red: 'cross',
  blue: 'dashes',
  grey: 'ring',
} as const satisfies Record<Colour, string>
