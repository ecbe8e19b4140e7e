// Receives callbacks of ImageResize and verifies their signature (Standard Webhooks). Needs Node.js 20 and no packages:
//
//   WEBHOOK_SECRET=whsec_... PORT=9000 node receiver.mjs

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const MAX_AGE_SECONDS = 300;
const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');

/** Whether the body was signed with the secret within the last five minutes. */
function isGenuine(headers, body) {
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']));
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  const expected = createHmac('sha256', key).update(signed).digest();

  // While a secret is changed, there are several signatures.
  return age < MAX_AGE_SECONDS && (headers['webhook-signature'] ?? '').split(' ').some(signature => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  if (!isGenuine(request.headers, body)) {
    response.writeHead(401).end();
    return;
  }

  // The same call can arrive twice: remember webhook-id if that matters. Answer before long work.
  const event = JSON.parse(body);
  console.log(`batch ${event.data.id} ${event.data.state}: ${event.data.counts.succeeded} succeeded`);
  response.writeHead(204).end();
});
server.listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));
