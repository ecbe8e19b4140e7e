"""Receives callbacks of ImageResize and verifies their signature (Standard Webhooks). Needs Python 3.9 and no packages:

    WEBHOOK_SECRET=whsec_... PORT=9000 python3 receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_AGE_SECONDS = 300
KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


def is_genuine(headers, body):
    """Whether the body was signed with the secret within the last five minutes."""
    timestamp = headers.get("webhook-timestamp", "")
    signed = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()

    # While a secret is changed, there are several signatures.
    signatures = headers.get("webhook-signature", "").split(" ")
    return (
        timestamp.isdecimal()
        and abs(time.time() - int(timestamp)) < MAX_AGE_SECONDS
        and any(hmac.compare_digest(signature, f"v1,{expected}") for signature in signatures)
    )


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        genuine = is_genuine(self.headers, body)
        if genuine:
            # The same call can arrive twice: remember webhook-id if that matters. Answer before long work.
            data = json.loads(body)["data"]
            print(f"batch {data['id']} {data['state']}: {data['counts']['succeeded']} succeeded", flush=True)

        self.send_response(204 if genuine else 401)
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver)
print("listening", flush=True)
server.serve_forever()
