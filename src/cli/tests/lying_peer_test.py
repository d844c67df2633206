#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Issue 4, done when 5, with the finished program: fr follows ru, msf and un, whose listeners are
here and hold their channel keys. Whatever they answer, `peer status` names it, and fr goes on
answering. One that sends a byte a second takes a minute to be given up: with ENTENTE_LONG=1."""
import socket
import ssl
import threading

from channel import identity
from charter_world import World
from harness import Case, LONG, OK, circle, entente, main, write_json
from http_node import Node
from vault_reader import key_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


def garbage(link):
    link.sendall(b"GIF89a\x00\x01" * 100)


def endless(link):
    link.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    while True:
        link.sendall(chunk)


def too_long_said(link):
    link.sendall(HEAD + b"Content-Length: 99999999999\r\n\r\nentente/heads/v1\n")


def elsewhere(link):
    link.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n"
                 b"Content-Length: 0\r\n\r\n")


def no_heads(link):
    link.sendall(HEAD + b"Content-Length: 11\r\n\r\nnothing new")


def a_byte_a_second(link):
    link.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    link.settimeout(1)
    while True:
        link.sendall(b"x")
        try:
            if not link.recv(1):
                return
        except TimeoutError:
            pass


def closes(link):
    link.sendall(HEAD + b"Content-Length: 1000\r\n\r\nentente/heads")


class Listener:
    """One party's listener, which answers every request by a lie of its own."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.lie = closes
        self.ending = False
        self.asked = threading.Event()

    def serve(self, pem):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.load_cert_chain(pem)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ending:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(plain,), daemon=True).start()

    def talk(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as link:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    more = link.recv(4096)
                    if not more:
                        return
                    asked += more
                self.asked.set()
                self.lie(link)
        except OSError:
            pass  # the node hung up, as it should

    def close(self):
        self.ending = True
        self.socket.close()


class LyingPeers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.liars = {party: Listener() for party in ("ru", "msf", "un")}
        own = socket.create_server(("127.0.0.1", 0))
        ports = {party: liar.port for party, liar in cls.liars.items()}
        ports["fr"] = own.getsockname()[1]
        own.close()
        cls.world = World(cls.folder / "world", ports=ports).begun()
        for party, liar in cls.liars.items():
            pem = cls.folder / f"{party}.pem"
            pem.write_text(identity(key_of(cls.world.dir(party), "channel")))
            liar.serve(pem)
        cls.fr = cls.world.dir("fr")

    @classmethod
    def tearDownClass(cls):
        for liar in cls.liars.values():
            liar.close()
        super().tearDownClass()

    def named(self, party):
        """Codes of what `peer status` says of it, each with words."""
        done = entente("peer", "status", "--data", self.fr, "--json")
        self.assertEqual(done.code, OK, done)
        one = next(one for one in done.json["peers"] if one["party"] == party)
        remarks = one["missing"] + one["misdeeds"]
        if "trouble" in one.get("contact", {}):
            remarks.append(one["contact"]["trouble"])
        for remark in remarks:
            self.assertGreater(len(remark["text"]), 10, remark)
        return {remark["code"] for remark in remarks}

    def await_named(self, code, party):
        """Until it stands there: looked at anew whenever the node asks again."""
        while True:
            self.liars[party].asked.clear()
            if code in self.named(party):
                return
            self.liars[party].asked.wait()

    def test_each_is_named_and_harms_nobody(self):
        """three lies at a time, each node started anew so that it asks at once"""
        plan = write_json(self.folder / "plan.geojson", circle(36.3, 33.5, 300))
        lies = [{"ru": (garbage, "garbage"), "msf": (endless, "too_large"),
                 "un": (elsewhere, "redirected")},
                {"ru": (too_long_said, "too_large"), "msf": (no_heads, "malformed"),
                 "un": (closes, "cut_off")}]
        if LONG:
            lies.append({"ru": (a_byte_a_second, "too_slow"), "msf": (garbage, "garbage"),
                         "un": (closes, "cut_off")})
        for table in lies:
            for party, (lie, _) in table.items():
                self.liars[party].lie = lie
            with Node(self.fr):
                for party, (_, code) in table.items():
                    self.await_named(code, party)
                said = entente("protect", "add", "--class", "hospital", "--name", "EXERCISE",
                               "--lat", 33.5, "--lon", 36.3, "--radius-m", 60, "--data", self.fr)
                self.exits(OK, said)
                self.exits(10, entente("check", plan, "--data", self.fr))
                text = entente("peer", "status", "--data", self.fr)
                for party, (_, code) in table.items():
                    self.assertIn(code, text.out)


if __name__ == "__main__":
    main()
