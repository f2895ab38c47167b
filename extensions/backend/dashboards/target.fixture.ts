// A dashboard of a test as a target: the process that runs the test owns it.
import type { DashboardTarget } from './dashboard-facts.ts'

export const targetAt = (port: number, address = '127.0.0.1'): DashboardTarget => ({
  listener: { address, port, socket: `${address}:${port}` },
  owner: { pid: process.pid, identity: `test:${process.pid}` },
  trustedHosts: () => null,
})
