# SPDX-License-Identifier: Apache-2.0
"""A node being served, an HTTP client with one connection, and what both cost: shared by the parts
of the HTTP benchmark (http_bench.py)."""
import http.client
import os
import re
import signal
import subprocess
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()


class Served:
    """`entente serve` of a register on a port of its own, until the end of the `with`."""

    def __init__(self, program, data, *words):
        self.process = subprocess.Popen([program, "serve", "--data", data, "--listen",
                                         "127.0.0.1:0", *words], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if match := re.search(r"at http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(match[1])
                break
        else:
            raise SystemExit(f"{program} serve did not start")
        self.token = (Path(data) / "token").read_text(encoding="ascii").strip()
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()

    def client(self):
        return Client(self)


class Client:
    """One kept connection; `ask` gives status, headers and the body as it came."""

    def __init__(self, served):
        self.connection = http.client.HTTPConnection("127.0.0.1", served.port)
        self.authorization = {"Authorization": "Bearer " + served.token}

    def ask(self, method, target, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, body, self.authorization | named)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()


def cpu_of(pid):
    """User and system seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return int(fields[11]) * TICK_S, int(fields[12]) * TICK_S


def cpu_of_all():
    """Seconds that the processors have worked for anybody."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = (int(one) for one in fields[:8])
    return (user + nice + system + irq + softirq + steal) * TICK_S


def percentile(values, share):
    values = sorted(values)
    return values[int(share * (len(values) - 1))]


def median(values):
    return percentile(values, 0.5)
