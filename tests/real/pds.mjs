// Starts a directory of identities (PLC, in memory) and a Bluesky PDS on free ports of 127.0.0.1, and says where.
// Ends when its standard input closes, so that it never outlives the run that started it.
// Argument: an empty folder for the PDS's data.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'

import plc from '@did-plc/server'
import { PDS, envToCfg, envToSecrets, readEnv } from '@atproto/pds'

const folder = process.argv[2]

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: await freePort() })
const listening = await directory.start()
const plcUrl = `http://127.0.0.1:${listening.address().port}`

const secret = () => randomBytes(32).toString('hex')
Object.assign(process.env, {
  LOG_ENABLED: 'false',
  PDS_ADMIN_PASSWORD: secret(),
  PDS_BLOBSTORE_DISK_LOCATION: join(folder, 'blobs'),
  PDS_DATA_DIRECTORY: folder,
  PDS_DEV_MODE: 'true',
  PDS_DID_PLC_URL: plcUrl,
  PDS_DISABLE_SSRF_PROTECTION: 'true',
  PDS_DPOP_SECRET: secret(),
  PDS_HOSTNAME: 'localhost',
  PDS_INVITE_REQUIRED: 'false',
  PDS_JWT_SECRET: secret(),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(),
  PDS_PORT: String(await freePort()),
  PDS_RATE_LIMITS_ENABLED: 'false',
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
})

const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log(JSON.stringify({ pds: `http://127.0.0.1:${process.env.PDS_PORT}`, plc: plcUrl }))

process.stdin.resume()
process.stdin.once('end', async () => {
  await pds.destroy()
  await directory.destroy()
  process.exit(0)
})
