# SPDX-License-Identifier: Apache-2.0
"""A witness as C2SP tlog-witness says, written apart from entente: its own reading of the request,
its own consistency proofs (RFC 9162 2.1.4.2), signatures by openssl. It answers on loopback and
says in a queue what it did."""
import base64
import hashlib
import queue
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GUARD_S = 120
PKCS8 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410, before the seed
SPKI = bytes.fromhex("302a300506032b6570032100")  # before the public key


def sha256(data):
    return hashlib.sha256(data).digest()


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, check=True).stdout


def consistent(old_size, old_root, size, root, proof):
    """Whether the tree of `size` grew out of that of `old_size`."""
    if old_size == size:
        return old_root == root and not proof
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha256(b"\x01" + step + fr), sha256(b"\x01" + step + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha256(b"\x01" + sr + step)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == root and sn == 0


class Witness:
    """One key, and the last head of each log that it has cosigned."""

    def __init__(self, name="witness.test/harbour"):
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="entente-witness-"))
        (self.folder / "key").write_bytes(PKCS8 + sha256(name.encode()))
        self.public = openssl("pkey", "-inform", "DER", "-in", self.folder / "key", "-pubout",
                              "-outform", "DER")[-32:]
        self.logs = {}  # origin -> (key, (size, root))
        self.lies = False
        self.did = queue.Queue()  # ("cosigned", size), ("named", size), ("lied", size), ...
        witness = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, answer, did = (404, "text/plain", b"", ("lost", self.path)) \
                    if self.path != "/add-checkpoint" else witness.answer(body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                witness.did.put(did)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a node that is killed resets its connection
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def vkey(self):
        key = b"\x04" + self.public
        return f"{self.name}+{self.key_id().hex()}+{base64.b64encode(key).decode()}"

    def key_id(self):
        return sha256(self.name.encode() + b"\n\x04" + self.public)[:4]

    def know(self, vkey):
        """The log of this verifier key (0x01)."""
        name, _, key = vkey.split("+", 2)
        self.logs[name] = [base64.b64decode(key)[1:], (0, None)]

    def next(self, *kinds):
        """The next thing of these kinds that it did."""
        while True:
            did = self.did.get(timeout=GUARD_S)
            if did[0] in kinds:
                return did

    def signed_by_log(self, key, name, text, lines):
        for line in lines:
            dash, who, payload = line.split(" ")
            if dash != "\u2014" or who != name:
                continue
            (self.folder / "pub").write_bytes(SPKI + key)
            (self.folder / "text").write_bytes(text)
            (self.folder / "sig").write_bytes(base64.b64decode(payload)[4:])
            done = subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                 self.folder / "pub", "-in", self.folder / "text", "-sigfile",
                 self.folder / "sig"], capture_output=True, check=False)
            return done.returncode == 0
        return False

    def answer(self, body):
        """(status, content type, body, what it did)."""
        head, text = body.split(b"\n\n", 1)
        first, *proof = head.decode().split("\n")
        old = int(first.removeprefix("old "))
        proof = [base64.b64decode(one) for one in proof]
        text, lines = text.rsplit(b"\n\n", 1)
        text += b"\n"
        origin, size, root = text.decode().split("\n")[:3]
        size, root = int(size), base64.b64decode(root)
        if origin not in self.logs:
            return 404, "text/plain", b"unknown log\n", ("unknown", origin)
        key, (last, last_root) = self.logs[origin]
        if not self.signed_by_log(key, origin, text, lines.decode().splitlines()):
            return 403, "text/plain", b"not signed\n", ("unsigned", size)
        if self.lies:
            return 200, "text/plain", "\u2014 nobody AAAA\n".encode(), ("lied", size)
        if old != last:
            return 409, "text/x.tlog.size", b"%d\n" % last, ("named", last)
        if last and not consistent(last, last_root, size, root, proof):
            return 422, "text/plain", b"bad proof\n", ("refused", size)
        self.logs[origin][1] = (size, root)
        return 200, "text/plain", self.cosign(text), ("cosigned", size)

    def cosign(self, text):
        now = int(time.time())
        (self.folder / "message").write_bytes(b"cosignature/v1\ntime %d\n" % now + text)
        signature = openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey",
                            self.folder / "key", "-in", self.folder / "message")
        payload = self.key_id() + now.to_bytes(8, "big") + signature
        return f"\u2014 {self.name} {base64.b64encode(payload).decode()}\n".encode()
