// The colors in words. Pure.
import type { Colour } from '#contract/instance'

interface ColorMeaning {
  /** `zombie` or `zombies`. */
  word: (count: number) => string
  /** One sentence. */
  meaning: string
}

const always = (word: string) => (): string => word

export const COLOR_MEANINGS: Readonly<Record<Colour, ColorMeaning>> = {
  green: { word: always('live'), meaning: 'It answers, and a project is active.' },
  yellow: { word: always('idle'), meaning: 'It answers, but no project is active.' },
  red: {
    word: (count) => (count === 1 ? 'zombie' : 'zombies'),
    meaning: 'Its client has exited or it no longer answers. It can be ended.',
  },
  blue: { word: always('starting'), meaning: 'It has started and does not answer yet.' },
  grey: {
    word: (count) => (count === 1 ? 'other' : 'others'),
    meaning: 'Asleep, suspended, without a dashboard, or unknown. It is not ended as a zombie.',
  },
}
