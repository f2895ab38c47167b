// A row of the tables of known programs.

export interface KnownClient {
  /** Its display name. */
  name: string
  /**
   * `agent`: connects to a model and to MCP servers itself, its folder is the project's; `app`: has windows, each with a project of
   * its own; `bridge`: offers stdio servers over the network, to any number of clients; `terminal`, `multiplexer`: other programs run
   * in it; `wrapper`: starts one program for its parent; `hub`: the hub of Serena Deck, which
   * serves many clients; `own`: Serena Deck.
   */
  kind: 'agent' | 'app' | 'bridge' | 'terminal' | 'multiplexer' | 'wrapper' | 'hub' | 'own'
  /** The program's name: last part of its path, or of an interpreter's script without an extension; lower case, no `.exe`. */
  program?: RegExp
  /** The path of the program, or of the script that an interpreter runs; with slashes on every system. */
  path?: RegExp
  /** One argument of its command line. */
  argument?: RegExp
  /** The first argument that is not an option, if only some commands of the program match. */
  subcommand?: RegExp
  /** One process serves several windows or sessions, each of which may start servers of its own. */
  hasManyWindows?: boolean
  /** Its name while it runs as a daemon, if that is another one. */
  daemonName?: string
}
