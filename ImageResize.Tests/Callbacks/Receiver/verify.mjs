// Says whether a callback is signed with a secret: node verify.mjs SECRET ID TIMESTAMP SIGNATURE BODY
import { Webhook } from 'standardwebhooks';

const [secret, id, timestamp, signature, body] = process.argv.slice(2);
const event = new Webhook(secret).verify(body, {
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
});

console.log(event.type);
