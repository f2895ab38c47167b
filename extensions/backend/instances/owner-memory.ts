// What is remembered of the client that started an instance.
import { CLIENT_VARIABLES, SERENA_VARIABLES } from '../clients/known-clients.ts'
import { type OwnerFacts, ownerChain } from '../clients/owner.ts'
import type { ProcessFact, ProcessSource, ProcessTable } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

export interface OwnerMemory {
  /** The client and its ancestors; null: none is known. */
  owner(): OwnerFacts | null
  renew(serena: SerenaProcess, table: ProcessTable): Promise<void>
}

/** Creates the memory of one instance: the client's environment is read once per program. */
export function createOwnerMemory(source: Pick<ProcessSource, 'details'>): OwnerMemory {
  let owner: OwnerFacts | null = null

  async function readOwner(
    { process }: SerenaProcess,
    client: ProcessFact,
    table: ProcessTable,
  ): Promise<OwnerFacts> {
    const ofClient = await source.details(client, CLIENT_VARIABLES)
    const ofSerena = await source.details(process, SERENA_VARIABLES)
    return {
      client,
      ancestors: ownerChain(client, table),
      clientFolder: ofClient.cwd,
      serenaFolder: ofSerena.cwd,
      clientTerminal: ofClient.terminal ?? null,
      clientVariables: ofClient.environment,
      serenaVariables: ofSerena.environment,
    }
  }

  return {
    owner: () => owner,
    async renew(serena, table) {
      const { client } = serena
      if (client && owner && isSameProgram(owner.client, client)) return
      owner = client && (await readOwner(serena, client, table))
    },
  }
}

/** An exec makes another program of the same process. */
const isSameProgram = (a: ProcessFact, b: ProcessFact): boolean =>
  a.identity === b.identity && a.name === b.name && a.argv?.join('\0') === b.argv?.join('\0')
