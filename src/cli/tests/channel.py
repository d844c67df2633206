# SPDX-License-Identifier: Apache-2.0
"""Asks a node what another node asks, over TLS with a party's channel key; certificate and key file
are made here by RFC 5280, 8410 and 5958, without the program."""
import base64
import ctypes
import http.client
import ssl

from vault_reader import SODIUM, key_of

ED25519 = bytes.fromhex("300506032b6570")


def der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def pem(kind, data):
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{text}-----END {kind}-----\n"


def identity(seed):
    """Private key and a certificate that it signed itself, as PEM."""
    public = ctypes.create_string_buffer(32)
    secret = ctypes.create_string_buffer(64)
    SODIUM.crypto_sign_seed_keypair(public, secret, seed)
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, b"node"))))
    validity = der(0x30, der(0x17, b"150101000000Z"), der(0x17, b"491231235959Z"))
    spki = der(0x30, ED25519, der(0x03, b"\0" + public.raw))
    tbs = der(0x30, der(0xA0, der(0x02, b"\2")), der(0x02, b"\1"), ED25519, name, validity, name,
              spki)
    signature = ctypes.create_string_buffer(64)
    SODIUM.crypto_sign_detached(signature, None, tbs, ctypes.c_ulonglong(len(tbs)), secret)
    certificate = der(0x30, tbs, ED25519, der(0x03, b"\0" + signature.raw))
    key = der(0x30, der(0x02, b"\0"), ED25519, der(0x04, der(0x04, seed)))
    return pem("PRIVATE KEY", key) + pem("CERTIFICATE", certificate)


class Asker:
    """One party's node, as another node's listener sees it."""

    def __init__(self, directory, port, scratch):
        both = scratch / "channel.pem"
        both.write_text(identity(key_of(directory, "channel")))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE  # whose key it is, is not what is tested here
        self.context.load_cert_chain(both)
        both.unlink()
        self.port = port

    def ask(self, path, method="GET", body=None):
        """(status, headers but Date, body)"""
        link = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context)
        try:
            link.request(method, path, body=body)
            answer = link.getresponse()
            headers = [(k.lower(), v) for k, v in answer.getheaders() if k.lower() != "date"]
            return answer.status, headers, answer.read()
        finally:
            link.close()
