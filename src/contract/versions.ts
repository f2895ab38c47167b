// The versions of the documents that leave a process or stay on disk. Each has its own: a version is raised when a reader of the
// version before could not use the document any more. An added field does not raise it.

/** `list --json`, `status --json`, `GET /api/instances`. */
export const LIST_VERSION = 1
/** The event stream. A page that expects another version reloads itself. */
export const STREAM_VERSION = 3
/** `kill --dry-run --json`, `POST /api/ending/plan`. */
export const PLAN_VERSION = 1
/** `kill --json`, `POST /api/ending`. */
export const RECEIPT_VERSION = 1
/** `registry --json`, `GET /api/registry`. */
export const REGISTRY_VERSION = 1
/** `history --json`, `GET /api/history`. */
export const HISTORY_VERSION = 1
/** One line of the history file. Lines of earlier versions stay readable: see `historyRecordSchema`. */
export const HISTORY_LINE_VERSION = 1
/** `GET /api/usage`, `GET /api/usage/week`. */
export const USAGE_VERSION = 1
/** The file of the memory and activity of the last week. */
export const USAGE_FILE_VERSION = 1
/** `GET /api/settings`. */
export const SETTINGS_VIEW_VERSION = 1
/** Our settings file. */
export const SETTINGS_FILE_VERSION = 1
/** Our file of labels, notes and projects that are left alone. */
export const PROJECT_LABELS_VERSION = 1
/** `hub status --json`, `GET /api/hub`. */
export const HUB_VERSION = 1
/** The one-line answers of `serve`, `demo`, `install`, `uninstall`, `autostart` and `service` with `--json`. */
export const COMMAND_VERSION = 1
