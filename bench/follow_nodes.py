#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a whole node costs while nothing happens but beats: N + 1 parties of one charter, each
served by the finished program on loopback, each following, mirroring and cosigning the others.

    bench/follow_nodes.py --program build/release/entente [--peers 20] [--seconds 600]

All the nodes do the same work, so processor time is read of every one of them, and the median and
the most of it are told. Counting begins when every node holds the others' logs and all of them
are final."""
import argparse
import contextlib
import json
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from http_served import Served, cpu_of


def must(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def free_ports(count):
    """Ports on which nothing listens now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def enrolled(program, folder, count):
    """The directories of so many parties of one charter."""
    charter = folder / "charter.toml"
    must(program, "charter", "new", "--name", "bench", "--out", charter, "--exercise")
    folders = []
    for number, port in enumerate(free_ports(count)):
        party = folder / f"p{number:02}"
        must(program, "init", "--data", party, "--party", party.name, "--name", party.name,
             "--charter", charter, "--address", f"https://127.0.0.1:{port}")
        folders.append(party)
    must(program, "charter", "add", charter, *(party / "card.toml" for party in folders))
    for verb in ("sign", "adopt"):
        for party in folders:
            must(program, "charter", verb, charter, "--data", party)
    return folders


def settled(node):
    """Whether it holds all that the others have, and all of that is final."""
    status, _, body = node.client().ask("GET", "/v1/peers")
    if status != 200:
        raise SystemExit(f"/v1/peers answered {status}: {body}")
    peers = json.loads(body)["peers"]
    return all(peer["held"] > 0 and peer["final"] > 0 for peer in peers)


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    asked.add_argument("--program", default="build/release/entente")
    asked.add_argument("--peers", type=int, default=20)
    asked.add_argument("--seconds", type=int, default=600)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        folders = enrolled(asked.program, Path(folder), asked.peers + 1)
        nodes = [stack.enter_context(Served(asked.program, party)) for party in folders]
        while not all(settled(node) for node in nodes):
            time.sleep(5)
        before = [sum(cpu_of(node.pid)) for node in nodes]
        begun = time.monotonic()
        time.sleep(asked.seconds)
        passed = time.monotonic() - begun
        shares = sorted((sum(cpu_of(node.pid)) - used) / passed * 100
                        for node, used in zip(nodes, before))
        print(f"{asked.peers + 1} nodes, each of which follows {asked.peers}: in "
              f"{passed:.0f} s of beats and nothing else median "
              f"{statistics.median(shares):.2f} % of a core, most {shares[-1]:.2f} %")


if __name__ == "__main__":
    main()
