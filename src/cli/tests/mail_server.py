# SPDX-License-Identifier: Apache-2.0
"""An SMTP server on this machine (aiosmtpd) in a process of its own, because a Python that has the
package need not be the one that runs the tests. Run as a script it is that process: a line with its
port, then a line of JSON for each mail; `refuse ADDRESS` makes it answer 550 to that recipient."""
import json
import os
import subprocess
import sys
import threading

GUARD_S = 120


def python_with_aiosmtpd():
    """A Python that has it, or nothing."""
    for one in (sys.executable, "/usr/bin/python3"):
        found = subprocess.run([one, "-c", "import aiosmtpd"], capture_output=True, check=False)
        if found.returncode == 0:
            return one
    return None


class MailServer:
    def __init__(self, *refused, password=""):
        self.changed = threading.Condition()
        self.mails = []
        self.process = subprocess.Popen(
            [python_with_aiosmtpd(), __file__, password, *refused], stdout=subprocess.PIPE,
            stdin=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"smtp://127.0.0.1:{self.port}"
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stdin.close()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.mails.append(json.loads(line))
                self.changed.notify_all()

    def wait(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.mails) >= count, GUARD_S):
                raise AssertionError(f"{len(self.mails)} mails in {GUARD_S} s, not {count}")
            return list(self.mails)


def serve(password, refused):
    # pylint: disable=import-outside-toplevel  # the tests' own Python may lack them
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Keep:
        async def handle_RCPT(self, _server, _session, envelope, address, _options):
            if address in refused:
                return "550 no such person here"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server, _session, envelope):
            print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos,
                              "text": envelope.content.decode("ascii")}), flush=True)
            return "250 taken"

    class OnAnyPort(Controller):
        def _trigger_server(self):
            """Connects to the port that it got."""
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    def check(_server, _session, _envelope, _mechanism, data):
        good = (data.login, data.password) == (b"entente", password.encode())
        return AuthResult(success=good, handled=False)

    secured = {"auth_required": True, "auth_require_tls": False, "authenticator": check}
    controller = OnAnyPort(Keep(), hostname="127.0.0.1", port=0, **(secured if password else {}))
    controller.start()
    print(controller.port, flush=True)
    os.read(0, 1)  # until whoever began it is gone
    controller.stop()


if __name__ == "__main__":
    serve(sys.argv[1], set(sys.argv[2:]))
