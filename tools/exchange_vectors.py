#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of slots, releases and parcels (doc/protocol/exchange.md), by code that shares nothing
with entente's: X25519, Salsa20, ChaCha20 and Poly1305 are written here from RFC 7748, RFC 8439,
the XChaCha draft and the NaCl paper. Slow, and not for secrets.

    python3 tools/exchange_vectors.py > testdata/vectors/exchange.json
"""
import base64
import hashlib
import json
import struct

P = 2**255 - 19


def x25519(secret, point):
    k = int.from_bytes(secret, "little")
    k = (k & ~7 & ~(128 << 8 * 31)) | 64 << 8 * 31
    u = int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap ^ bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public(secret):
    return x25519(secret, b"\x09" + bytes(31))


def rotated(v, n):
    v &= 0xFFFFFFFF
    return (v << n | v >> (32 - n)) & 0xFFFFFFFF


def rounds(s, quarters, quarter):
    s = list(s)
    for _ in range(10):
        for q in quarters:
            quarter(s, *q)
    return s


def chacha_quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] = rotated(s[z] ^ s[x], n)


def salsa_quarter(s, a, b, c, d):
    for x, y, z, n in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
        s[x] ^= rotated(s[y] + s[z], n)


CHACHA = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
          (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
SALSA = [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
         (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)]
SIGMA = struct.unpack("<4I", b"expand 32-byte k")


def words(data):
    return struct.unpack(f"<{len(data) // 4}I", data)


def added(start, end):
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(start, end)))


def chacha_block(key, nonce, counter):
    start = SIGMA + words(key) + (counter,) + words(nonce)
    return added(start, rounds(start, CHACHA, chacha_quarter))


def hchacha(key, nonce):
    out = rounds(SIGMA + words(key) + words(nonce), CHACHA, chacha_quarter)
    return struct.pack("<8I", *out[:4], *out[12:])


def salsa_state(key, tail):
    k = words(key)
    return (SIGMA[0],) + k[:4] + (SIGMA[1],) + tail + (SIGMA[2],) + k[4:] + (SIGMA[3],)


def salsa_block(key, nonce, counter):
    start = salsa_state(key, words(nonce) + (counter & 0xFFFFFFFF, counter >> 32))
    return added(start, rounds(start, SALSA, salsa_quarter))


def hsalsa(key, nonce):
    out = rounds(salsa_state(key, words(nonce)), SALSA, salsa_quarter)
    return struct.pack("<8I", *(out[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def xor(data, stream):
    return bytes(a ^ b for a, b in zip(data, stream))


def padded(data):
    return data + bytes(-len(data) % 16)


def chacha20poly1305(key, nonce, data, associated):
    stream = b"".join(chacha_block(key, nonce, 1 + i) for i in range(len(data) // 64 + 1))
    text = xor(data, stream)
    lengths = struct.pack("<QQ", len(associated), len(text))
    one_time = chacha_block(key, nonce, 0)[:32]
    return text + poly1305(one_time, padded(associated) + padded(text) + lengths)


def xchacha20poly1305(key, nonce, data, associated):
    return chacha20poly1305(hchacha(key, nonce[:16]), bytes(4) + nonce[16:], data, associated)


def sealed_box(to, data, ephemeral):
    own = public(ephemeral)
    nonce = hashlib.blake2b(own + to, digest_size=24).digest()
    key = hsalsa(hsalsa(x25519(ephemeral, to), bytes(16)), nonce[:16])
    stream = b"".join(salsa_block(key, nonce[16:], i) for i in range(len(data) // 64 + 2))
    text = xor(data, stream[32:])
    return own + poly1305(stream[:32], text) + text


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


def part(data):
    return struct.pack(">I", len(data)) + data


def tree_root(leaves):
    if len(leaves) == 1:
        return sha256(b"\0", leaves[0])
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1", tree_root(leaves[:k]), tree_root(leaves[k:]))


def release_leaf(index, leaf, slots, label):
    numbers = ",".join(str(slot) for slot in slots)
    return f"entente/release/v1\n{index} {b64(leaf)} {numbers} {b64(sha256(label))}\n".encode()


def main():
    a, b = sha256(b"sealing key of a"), sha256(b"sealing key of b")
    origin, recipient, beat = "test.abcdefghijklmnop/fr", "ru", 812
    shared = x25519(a, public(b))
    assert shared == x25519(b, public(a))
    # Releases 2 and 3 of a list of 4.
    entries = [(7, (1, 2), b""), (1048576, (1, 3), b"restricted")]
    leaves = [b"an earlier one", b"and another"]
    release_key = sha256(b"release key")
    body = b""
    shown = []
    for index, slots, label in entries:
        leaf = sha256(b"leaf %d" % index)
        release = release_leaf(index, leaf, slots, label)
        number = len(leaves)
        leaves.append(release)
        keys, texts, bodies = b"", b"", []
        for slot in slots:
            key = sha256(b"body key %d %d" % (index, slot))
            salt, content = sha256(b"salt %d" % slot), b"body %d of %d" % (slot, index) * slot
            keys += key
            texts += part(chacha20poly1305(key, bytes(12), salt + content,
                                           b"entente/vault/body/v1\n" + leaf + bytes([slot - 1])))
            bodies.append({"slot": slot, "salt": salt.hex(), "body": content.decode()})
        nonce = bytes(16) + struct.pack(">Q", number)
        wrapped = xchacha20poly1305(release_key, nonce, keys, release)
        body += part(release) + part(wrapped) + texts
        shown.append({"entry": index, "leaf": leaf.hex(), "release": release.decode(),
                      "label": label.decode(), "bodies": bodies})
    root = tree_root(leaves)
    context = f"{origin}\n{recipient}\n2 4\n{b64(root)}\n".encode()
    box = sealed_box(public(b), release_key + sha256(context), sha256(b"ephemeral"))
    parcel = b"entente/parcel/v1\n" + part(context) + part(box) + body
    content = f"4 {b64(root)}\n0 {b64(sha256())} offered\n".encode()
    salt = sha256(b"entente/slot-salt/v1\n", shared, origin.encode(), struct.pack(">Q", beat))
    print(json.dumps({
        "author": origin, "recipient": recipient, "secret_a": a.hex(), "secret_b": b.hex(),
        "public_a": public(a).hex(), "public_b": public(b).hex(), "shared": shared.hex(),
        "slot": {"beat": beat, "salt": salt.hex(), "content": content.decode(),
                 "slot": sha256(b"entente/slot/v1\n", salt, content).hex()},
        "list_before": [leaf.decode() for leaf in leaves[:2]], "root": root.hex(),
        "release_key": release_key.hex(), "ephemeral": sha256(b"ephemeral").hex(),
        "releases": shown, "parcel": parcel.hex()}, indent=1))


if __name__ == "__main__":
    main()
