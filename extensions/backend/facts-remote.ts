// Facts about Serenas that run in another place, and about what leads there.

/** A program that connects its own stdio with a Serena that runs somewhere else: `docker run -i`, `ssh`, WSL's `/init`. */
export interface RemoteBridge {
  place: 'container' | 'sandbox' | 'machine' | 'windows' | 'wsl'
  /** `docker`, `kubectl`, `uvx.exe`. */
  program: string
  /** The container, pod, host or distribution as it was named; null: it was not. */
  target: string | null
  /** The file that the container's id is written to, as given. */
  idFile: string | null
  /** The line for a shell that stops what runs there; null: none can be told from the arguments. */
  stop: string | null
  /** Ports of this machine that lead there. */
  ports: readonly number[]
}

/** The container that a process is in, by its cgroup. */
export interface ContainerFact {
  /** What stops it: `docker`, `podman`, `crictl`, `lxc`. */
  program: string
  id: string
  /** Null: not known. */
  name: string | null
}
