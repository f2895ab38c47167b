// What a row of the tables of known programs says.

export interface KnownClient {
  /** As its users call it. */
  name: string
  /**
   * `agent`: talks to a model and to MCP servers by itself, its folder is the project's; `app`: has windows, each with a
   * project of its own; `bridge`: offers stdio servers over the network, to any number of clients; `terminal`, `multiplexer`:
   * others run inside; `wrapper`: starts one program for its parent; `own`: us.
   */
  kind: 'agent' | 'app' | 'bridge' | 'terminal' | 'multiplexer' | 'wrapper' | 'own'
  /** The program's name: last part of its path, or of an interpreter's script without an extension; lower case, no `.exe`. */
  program?: RegExp
  /** The path of the program, or of the script that an interpreter runs; with slashes on every system. */
  path?: RegExp
  /** One word of its command line. */
  word?: RegExp
  /** The first argument that is no option, where only some commands of the program are meant. */
  subcommand?: RegExp
  /** One process serves several windows or sessions, each of which may start servers of its own. */
  hasManyWindows?: boolean
  /** What it is called while it runs as a daemon, where that is another name. */
  daemonName?: string
}
