# SPDX-License-Identifier: Apache-2.0
"""A real node on a port of its own, and an HTTP client that is nothing but bytes on a socket, so
that it can also send what no honest client would. It sets no time limit but GUARD_S: a node that
does not answer for that long hangs, and the test says so."""
import re
import signal
import socket
import struct
import subprocess
import zlib
from dataclasses import dataclass, field

from harness import ENTENTE, GUARD_S, HANG_S



class Closed(Exception):
    """The node closed the connection where a response should have begun or gone on."""


@dataclass
class Response:
    status: int
    headers: list = field(default_factory=list)  # (lower-case name, value), in order
    raw: bytes = b""  # the body as it came

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    @property
    def body(self):
        if self.header("content-encoding") == "gzip" and self.raw:
            return zlib.decompress(self.raw, 31)
        return self.raw

    @property
    def media_type(self):
        return (self.header("content-type") or "").split(";")[0]


class Connection:
    """One connection, TCP (a port) or Unix (a path)."""

    def __init__(self, where):
        if isinstance(where, int):
            self.socket = socket.create_connection(("127.0.0.1", where), GUARD_S)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(GUARD_S)
            self.socket.connect(str(where))
        self.socket.settimeout(GUARD_S)
        self.read = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Ends it with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_while_open(self, data):
        """Whether all of it went out before the node closed."""
        try:
            self.socket.sendall(data)
            return True
        except (ConnectionResetError, BrokenPipeError):
            return False

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError as reset:
            raise Closed("reset by the node") from reset
        if not data:
            raise Closed(f"closed by the node after {self.read[:200]!r}")
        self.read += data

    def until(self, end):
        """What comes up to and with `end`."""
        while end not in self.read:
            self.more()
        at = self.read.index(end) + len(end)
        data, self.read = self.read[:at], self.read[at:]
        return data

    def exactly(self, count):
        while len(self.read) < count:
            self.more()
        data, self.read = self.read[:count], self.read[count:]
        return data

    def is_closed(self):
        """Waits for what comes next; whether that is the end and nothing else."""
        try:
            self.more()
        except Closed:
            return self.read == b""
        return False

    def head(self):
        """Status and headers of the next response."""
        first, *lines = self.until(b"\r\n\r\n")[:-4].decode("latin-1").split("\r\n")
        match = re.fullmatch(r"HTTP/1\.1 (\d{3}) (\S[^\r\n]*)", first)
        if not match:
            raise AssertionError(f"no status line: {first!r}")
        pairs = [line.split(": ", 1) for line in lines]
        return Response(int(match[1]), [(key.lower(), value) for key, value in pairs])

    def chunk(self):
        """One chunk of a body; empty: the last one."""
        size = int(self.until(b"\r\n"), 16)
        data = self.exactly(size + 2)
        if data[-2:] != b"\r\n":
            raise AssertionError("a chunk does not end with CRLF")
        return data[:-2]

    def response(self, to_head=False):
        """The next final response, whole."""
        out = self.head()
        while out.status == 100:
            out = self.head()
        if to_head or out.status in (204, 304):
            return out
        if out.header("transfer-encoding") == "chunked":
            while piece := self.chunk():
                out.raw += piece
        else:
            out.raw = self.exactly(int(out.header("content-length")))
        return out


def request(method, target, headers=(), body=None, version="HTTP/1.1"):
    """The bytes of a request. Content-Length is added to a body unless the headers frame it."""
    headers = list(headers)
    framed = any(key.lower() in ("content-length", "transfer-encoding") for key, _ in headers)
    if body is not None and not framed:
        headers.append(("Content-Length", str(len(body))))
    lines = [f"{method} {target} {version}"] + [f"{key}: {value}" for key, value in headers]
    return "\r\n".join(lines + ["", ""]).encode("utf-8", "surrogateescape") + (body or b"")


def chunked(body, size):
    """A body in chunks of `size` bytes."""
    pieces = [body[i:i + size] for i in range(0, len(body), size)] + [b""]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


class Node:
    """`entente serve` over a data directory."""

    def __init__(self, data, *options, listen="127.0.0.1:0"):
        self.data = data
        self.process = subprocess.Popen(
            [ENTENTE, "serve", "--data", str(data), "--listen", listen, *options],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("programs show the token"):
                break
        found = re.search(r" at (http://(127\.0\.0\.1:(\d+)))/", said)
        if not found:
            self.kill()
            raise AssertionError(f"serve printed no address: {said!r}")
        self.said = said
        self.origin, self.host, self.port = found[1], found[2], int(found[3])
        # The codes of the links that it printed: to the page, and to make the first admin.
        self.once, self.first = (code and code[1] for code in (
            re.search(rf"#{name}=(\S+)", said) for name in ("once", "first")))
        self.token = (data / "token").read_text().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    @property
    def peer_address(self):
        """Where other parties' nodes reach it, or nothing."""
        found = re.search(r"listens to them at (\S+)", self.said)
        return found and f"https://{found[1]}"

    def connect(self):
        return Connection(self.port)

    def headers(self, *more):
        """What a program sends."""
        return [("Host", self.host), ("Authorization", f"Bearer {self.token}"), *more]

    def request(self, method, target, body=None, headers=()):
        return request(method, target, self.headers(*headers), body)

    def ask(self, method, target, body=None, headers=()):
        """One request on a connection of its own, with the token."""
        with self.connect() as connection:
            connection.send(self.request(method, target, body, headers))
            return connection.response(to_head=method == "HEAD")

    def session(self):
        """Headers of a browser in session, by the printed link."""
        body = b'{"once": "%s"}' % self.once.encode()
        sent = request("POST", "/v1/session",
                       [("Host", self.host), ("Content-Type", "application/json")], body)
        with self.connect() as connection:
            connection.send(sent)
            begun = connection.response()
        if begun.status != 204:
            raise AssertionError(f"no session: {begun}")
        return [("Host", self.host), ("Cookie", begun.header("set-cookie").split(";")[0])]

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def ended(self):
        """Its exit status, once it has ended."""
        code = self.process.wait(HANG_S)
        self.process.stdout.close()
        return code

    def kill(self):
        self.process.kill()
        return self.ended()
