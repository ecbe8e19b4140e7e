// Creates a container in Azurite and uploads files: [COPIES=N] node put-blobs.mjs ENDPOINT CONTAINER FILE...
// With COPIES, uploads each file N times, as 0000000/NAME, 0000001/NAME and so on.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { accountSas } from './azurite.mjs'

const AT_ONCE = 8
const [endpoint, container, ...files] = process.argv.slice(2)
const sas = Object.fromEntries(accountSas())

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

async function put(path, query, headers, body) {
  const address = `${endpoint}/${path}?${new URLSearchParams({ ...query, ...sas })}`
  const send = () => fetch(address, { method: 'PUT', body, headers: { ...headers, 'x-ms-version': '2021-12-02' } })

  // Azurite may close an idle connection at the moment it's used again.
  const response = await send().catch(send)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}
