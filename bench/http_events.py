# SPDX-License-Identifier: Apache-2.0
"""Listeners of GET /v1/events while statements arrive: one thread reads all the streams, others
send. Delivery is counted twice: from the moment a statement was sent, and from its 201."""
import json
import queue
import selectors
import socket
import threading
import time

from http_served import percentile

SENDERS = 8


def listen(served, count):
    """Streams whose `hello` has come."""
    streams = []
    for _ in range(count):
        stream = socket.create_connection(("127.0.0.1", served.port))
        stream.sendall(f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
                       f"Authorization: Bearer {served.token}\r\n\r\n".encode())
        read = b""
        while b"event: hello" not in read or not read.endswith(b"\n\n\r\n"):
            read += stream.recv(65536)
        streams.append(stream)
    return streams


def collect(streams, until, arrived):
    """(event id, moment) of every event of every stream, until there are so many. What is read is
    taken apart later, so that reading is prompt."""
    selector = selectors.DefaultSelector()
    for number, stream in enumerate(streams):
        selector.register(stream, selectors.EVENT_READ, number)
    pieces = [[] for _ in streams]
    seen = 0
    while seen < until:
        for key, _ in selector.select():
            data = key.fileobj.recv(65536)
            now = time.perf_counter()
            if not data:
                raise SystemExit("a stream of events ended")
            pieces[key.data].append((now, data))
            seen += data.count(b"\nevent: protection")
    for stream in pieces:
        for now, data in stream:
            for line in data.split(b"\n"):
                if line.startswith(b"id: "):
                    arrived.append((int(line[4:]), now))


def send(served, work, said):
    """Statements at their moments; (id of the event, sent, answered)."""
    client = served.client()
    while True:
        due, number = work.get()
        if due is None:
            return
        time.sleep(max(0.0, due - time.perf_counter()))
        body = json.dumps({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-30 + number / 1e4, 1]},
            "properties": {"class": "clinic", "ref": f"event-{time.time_ns()}-{number}",
                           "name": f"EXERCISE {number}"}})
        sent = time.perf_counter()
        status, _, answer = client.ask("POST", "/v1/protections", body,
                                       Content_Type="application/geo+json")
        if status != 201:
            raise SystemExit(f"POST /v1/protections: {status} {answer[:200]!r}")
        said.append((json.loads(answer)["entry"] + 1, sent, time.perf_counter()))


def one_round(served, listeners, rate, seconds):
    streams = listen(served, listeners)
    arrived, said, work = [], [], queue.Queue()
    count = int(rate * seconds)
    reader = threading.Thread(target=collect, args=(streams, count * listeners, arrived))
    senders = [threading.Thread(target=send, args=(served, work, said)) for _ in range(SENDERS)]
    for thread in [reader, *senders]:
        thread.start()
    start = time.perf_counter() + 0.2
    for number in range(count):
        work.put((start + number / rate, number))
    for _ in senders:
        work.put((None, None))
    for thread in [*senders, reader]:
        thread.join()
    for stream in streams:
        stream.close()
    moments = {entry: (sent, answered) for entry, sent, answered in said}
    answer = [(answered - sent) * 1e3 for _, sent, answered in said]
    from_sent = [(now - moments[entry][0]) * 1e3 for entry, now in arrived]
    from_answer = [(now - moments[entry][1]) * 1e3 for entry, now in arrived]
    took = max(answered for _, _, answered in said) - start
    return count / took, answer, from_sent, from_answer


def table(served, options):
    runs = [one_round(served, options.listeners, options.statements, options.seconds)
            for _ in range(options.rounds)]
    print(f"{options.listeners} listeners, {options.statements} statements a second "
          f"({min(run[0] for run in runs):.0f} came through at the least):\n")
    print("| | p50 ms | p99 ms (median of the rounds) | p99 ms, worst round | most ms |")
    print("|---|---:|---:|---:|---:|")
    names = ("statement sent to its 201", "delivery, from the sending", "delivery, from the 201")
    for i, name in enumerate(names, 1):
        p99 = [percentile(run[i], 0.99) for run in runs]
        print(f"| {name} | {percentile([percentile(run[i], 0.5) for run in runs], 0.5):.1f} "
              f"| {percentile(p99, 0.5):.1f} | {max(p99):.1f} "
              f"| {max(max(run[i]) for run in runs):.1f} |")
    print(flush=True)
