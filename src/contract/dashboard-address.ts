// The address of a dashboard as text. Pure.

interface Place {
  port: number | null
  /** Absent: 127.0.0.1. */
  address?: string | undefined
}

const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** Returns `:24282`, or with an address other than 127.0.0.1 `127.0.0.2:24282`, `[::1]:24282`. */
export const formatPort = ({ port, address }: Place): string =>
  `${address === undefined ? '' : hostOf(address)}:${port ?? '?'}`

/** Returns `http://127.0.0.1:24282/dashboard/`. */
export const dashboardUrl = ({ port, address = '127.0.0.1' }: Place): string =>
  `http://${hostOf(address)}:${port ?? 0}/dashboard/`
