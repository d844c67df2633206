# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks on this machine that is told how to behave, and checks every signature by
Standard Webhooks with Python's own hmac."""
import base64
import hashlib
import hmac
import http.server
import json
import socketserver
import threading

GUARD_S = 120


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A node that was killed in the middle is what the tests are about."""


class Receiver:
    """`behave(number, notice)` says what the number-th request gets: a status, `garbage`, `cut`,
    `redirect`, `endless` or a callable that is waited for and then says it."""

    def __init__(self, behave=lambda number, notice: 204, port=0):
        self.behave = behave
        self.changed = threading.Condition()
        self.secret = None
        self.got = []       # (notice, how it was answered), as they came
        self.faults = []
        self.paths = set()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name  # http.server calls it
                receiver.take(self)

            def do_GET(self):  # pylint: disable=invalid-name
                receiver.faults.append(f"GET {self.path}")

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def take(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.paths.add(handler.path)
        notice = json.loads(body)
        self.check(handler.headers, body, notice)
        with self.changed:
            number = len(self.got)
            self.got.append([notice, None])
            self.changed.notify_all()
        how = self.behave(number, notice)
        if callable(how):
            how = how()
        self.answer(handler, how)
        with self.changed:
            self.got[number][1] = how
            self.changed.notify_all()

    def check(self, headers, body, notice):
        if not self.secret:
            self.faults.append("it came before its secret was known")
            return
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = b".".join((headers["webhook-id"].encode(),
                            headers["webhook-timestamp"].encode(), body))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if not hmac.compare_digest(headers["webhook-signature"], wanted):
            self.faults.append(f"a wrong signature of {notice['id']}")
        if headers["webhook-id"] != notice["id"] or len(key) < 24:
            self.faults.append("another id, or a short key")
        if headers["Content-Type"] != "application/json":
            self.faults.append("another type")

    @staticmethod
    def answer(handler, how):
        handler.close_connection = True
        if how == "garbage":
            handler.wfile.write(b"\x00\xff this is no HTTP\r\n\r\n")
        elif how == "cut":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif how == "redirect":
            handler.wfile.write(b"HTTP/1.1 307 Elsewhere\r\nLocation: /elsewhere\r\n"
                                b"Content-Length: 0\r\n\r\n")
        elif how == "endless":
            try:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(10_000):
                    handler.wfile.write(b"x" * 65536)
            except OSError:
                pass
        else:
            handler.send_response(how)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        try:
            handler.wfile.flush()
        except OSError:
            pass

    def wait(self, until):
        """Until `until(self.got)` is true."""
        with self.changed:
            if not self.changed.wait_for(lambda: until(self.got), GUARD_S):
                raise AssertionError(f"not in {GUARD_S} s; {len(self.got)} came: "
                                     f"{[(one['text'][-60:], how) for one, how in self.got[-5:]]}")
            return list(self.got)

    def taken(self):
        """Notices that were answered 2xx, as they came."""
        with self.changed:
            return [one for one, how in self.got if isinstance(how, int) and how < 300]
