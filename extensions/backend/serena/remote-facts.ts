// A program that connects to a Serena in another place: plain data.

/** A program that connects its own stdio with a Serena that runs somewhere else: `docker run -i`, `ssh`, WSL's `/init`. */
export interface RemoteBridge {
  place: 'container' | 'sandbox' | 'machine' | 'windows' | 'wsl'
  /** `docker`, `kubectl`, `uvx.exe`. */
  program: string
  /** The container, pod, host or distribution as it was named; null: it was not. */
  target: string | null
  /** The file that the container's id is written to, as given. */
  idFile: string | null
  /** The line for a shell that stops what runs there; null: none follows from the arguments. */
  stop: string | null
  /** Ports of this machine that are forwarded there. */
  ports: readonly number[]
}

/** The bridge that the connection of an instance goes or went through. */
export interface RemoteConnection {
  bridge: RemoteBridge
  pid: number
  /** The bridge has exited. */
  hasExited: boolean
}
