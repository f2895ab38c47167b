// The unit tests that are not run as win32 under Wine, and why: each of these files needs something that is missing there.

const UNITS = {
  'has its own sources and system calls': ['os/linux/**', 'os/macos/**', 'os/plain/**'],
  'expects modes, links, FIFOs or signals of Unix': [
    'access/{backend-record,target}',
    'doctor/{fix-apply,share-service}',
    'ending/act',
    'hub/hub-client',
    'hub/http/{http-secrets,session-store}',
    'instances/{real-folders,removed-parts}',
    'os/files/{inside-folder,write-file}',
    'registry/{publish-view,read-registry,write-entry}',
    'serena/{launch-command,log-head}',
    'settings/{own-settings,project-labels}',
    'window/runtime/{disks,find-runtime}',
  ],
  'expects paths of Linux': [
    'cli/doctor-text',
    'clients/configs/{client-fixtures,share-entry}',
    'doctor/{healthy-homes,planted-faults,single-faults}',
    'hub/http/http-hello',
    'instances/{home-memory,scheduler}',
    'jump/editors',
    'window/native-runtime',
  ],
  'needs PowerShell': ['os/windows/{query-program,windows-source}'],
  'expects that a second server gets no pipe of the same name (Wine gives it)': ['os/kernel-lock'],
  'has limits of time that Wine on a busy machine misses': ['http/server-stream'],
  'takes long, and test/windows covers it': ['demo/**', 'history/history-file'],
}

export const NOT_ON_WINDOWS: string[] = Object.values(UNITS)
  .flat()
  .map((name) => `extensions/backend/${name}${name.endsWith('**') ? '' : '.test.ts'}`)
