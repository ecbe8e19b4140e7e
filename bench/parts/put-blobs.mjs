// Puts files into a container of Azurite's, which is made: [COPIES=N] node put-blobs.mjs ENDPOINT CONTAINER FILE...
// With COPIES each is put so often, under 0000000/NAME, 0000001/NAME and so on.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==' // published, the same for every Azurite
const AT_ONCE = 8
const [endpoint, container, ...files] = process.argv.slice(2)
const account = endpoint.split('/').at(-1)

await put(container, { restype: 'container' }, {}, Buffer.alloc(0))
for (const file of files) {
  const body = readFileSync(file)
  const names = process.env.COPIES ? copies(basename(file), Number(process.env.COPIES)) : [basename(file)].values()
  await Promise.all(Array.from({ length: AT_ONCE }, () => putAll(names, body)))
}

async function putAll(names, body) {
  for (const name of names) await put(`${container}/${name}`, {}, { 'x-ms-blob-type': 'BlockBlob' }, body)
}

function* copies(name, count) {
  for (let i = 0; i < count; i++) yield `${String(i).padStart(7, '0')}/${name}`
}

/** Signed by "Shared Key": the path of Azurite's addresses begins with the account, so it is there twice. */
async function put(path, query, headers, body) {
  const sent = { ...headers, 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-12-02' }
  const named = Object.keys(sent).sort().map(name => `${name}:${sent[name]}\n`).join('')
  const asked = Object.entries(query).map(([name, value]) => `\n${name}:${value}`).join('')
  const text = `PUT\n\n\n${body.length || ''}\n\n\n\n\n\n\n\n\n${named}/${account}/${account}/${path}${asked}`
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
  const address = `${endpoint}/${path}?${new URLSearchParams(query)}`
  const send = () => fetch(address, { method: 'PUT', body, headers: { ...sent, Authorization: `SharedKey ${account}:${signature}` } })

  // Azurite closes idle connections at times, in the very moment when one is used again.
  const response = await send().catch(send)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}
