// One intended change to a client's configuration. `change-config.ts` writes it as a splice of the text.

export type ConfigChange =
  /** The value at that path; keys on the way are created. */
  | { kind: 'set'; path: readonly (string | number)[]; value: unknown }
  | { kind: 'remove'; path: readonly (string | number)[] }
  /** Added to the end of a list. */
  | { kind: 'append'; path: readonly (string | number)[]; value: unknown }
