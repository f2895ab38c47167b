// Third-party notices of a release: the licenses and a bill of materials. Pure except for reading license files.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LICENSE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i

/** Returns the license texts of the packages (`{ folder, name, version, license }`), one after another. */
export function licenseTexts(packages) {
  const parts = packages.map(({ folder, name, version, license }) => {
    const texts = readdirSync(folder)
      .filter((file) => LICENSE_FILE.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    return [`${name} ${version} (${license ?? 'see below'})`, '', ...texts].join('\n')
  })
  return `Serena Deck contains code of these packages.\n\n${parts.join('\n\n────────\n\n')}\n`
}

/**
 * Returns npm's bill of materials (CycloneDX, parsed), reduced to the packages inside, with the programs that are not npm packages,
 * and without data that differs between runs.
 */
export function reduceBom(bom, { name, version, packages, programs }) {
  const wanted = new Set(packages.map((found) => `${found.name}@${found.version}`))
  const components = [
    ...bom.components
      .filter((component) => wanted.has(`${component.name}@${component.version}`))
      .map(({ properties, scope, ...component }) => component),
    ...programs.map((program) => ({
      'bom-ref': `${program.name}@${program.version}`,
      type: program.type,
      name: program.name,
      version: program.version,
      purl: program.purl,
      licenses: [{ license: { id: 'MIT' } }],
      ...(program.sha256 && { hashes: [{ alg: 'SHA-256', content: program.sha256 }] }),
    })),
  ].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
  const refs = new Set(components.map((component) => component['bom-ref']))
  const own = `${name}@${version}`
  const { timestamp, component, ...metadata } = bom.metadata
  const reduced = {
    $schema: bom.$schema,
    bomFormat: bom.bomFormat,
    specVersion: bom.specVersion,
    version: 1,
    metadata: { ...metadata, component: { ...component, type: 'application', name, 'bom-ref': own } },
    components,
    dependencies: [
      { ref: own, dependsOn: [...refs] },
      ...bom.dependencies
        .filter(({ ref }) => refs.has(ref))
        .map(({ ref, dependsOn }) => ({
          ref,
          dependsOn: dependsOn.filter((other) => refs.has(other)).sort(),
        }))
        .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    ],
  }
  const digest = createHash('sha256').update(JSON.stringify(reduced)).digest('hex')
  // A version-8 UUID (RFC 9562): derived from the content, so that the same release has the same serial number.
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
  return { ...reduced, serialNumber: `urn:uuid:${uuid}` }
}
