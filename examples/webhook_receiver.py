"""Receive webhooks with the standard library alone: verify each, drop what came before, answer at once and work afterwards.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/webhook_receiver.py`. It makes a webhook for itself, lets something happen, has it sent twice, and takes the webhook away.
"""

from __future__ import annotations

import queue
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from sekur_sdk import SekurClient, WebhookError, models
from sekur_sdk.webhooks import verify

MAX_BYTES = 1024 * 1024


class Inbox:
    """Verified events, each once. In earnest the numbers seen are kept in a database, with what the event led to."""

    def __init__(self) -> None:
        self.secrets: list[str] = []
        self.came: queue.Queue[tuple[models.Event, bool]] = queue.Queue()
        self._lock = Lock()
        self._seen: set[str] = set()

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        event = verify(body, headers, self.secrets)
        with self._lock:
            is_new = headers["webhook-id"] not in self._seen
            self._seen.add(headers["webhook-id"])
        self.came.put((event, is_new))


def handler(inbox: Inbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = 413
            if size <= MAX_BYTES:
                try:
                    inbox.take(self.rfile.read(size), headers)
                    status = 204
                except WebhookError:
                    status = 400
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what is received is told below."""

    return Handler


def main() -> None:
    inbox = Inbox()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(inbox))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/sekur"
    with SekurClient.from_env() as client:
        hook = client.webhooks.create(url=url, event_types=["logbook_entry.created"], description="Exemple")
        # in earnest: from the configuration, where it was put when the webhook was made
        inbox.secrets = [hook.secret or ""]
        print(f"webhook    {hook.status}, its secret is shown this once")

        site, guard = next(iter(client.sites.list())), next(iter(client.employees.list(status="active")))
        entry = client.logbook.append(site.id, author_id=guard.id, category="anomalie", text="Portail ouvert.")
        event, is_new = inbox.came.get(timeout=30)
        assert isinstance(event.subject, models.LogbookEntry)
        assert (event.subject.id, is_new) == (entry.id, True)
        print(f"received   {event.type}, number {event.id}")

        # two secrets hold while one is replaced: a receiver is given the new one without missing anything
        inbox.secrets.append(client.webhooks.rotate_secret(hook.id, overlap_hours=24).secret or "")
        [delivery] = client.webhook_deliveries.list(webhook_id=hook.id)
        client.webhook_deliveries.replay(delivery.id)
        event, is_new = inbox.came.get(timeout=30)
        print(f"again      {event.type}, number {event.id}: {'new' if is_new else 'dropped, it was here before'}")

        client.webhooks.disable(hook.id)
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
