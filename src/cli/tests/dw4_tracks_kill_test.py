#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 4, of live tracks: positions are sent to a node that is killed at random moments. Of
what was answered no notice is lost, on the board nor to a receiver that fails now and then; they
come in order, and none again once its acknowledgement is durable; and a row never says where the
thing was. As dw4_notices_kill_test otherwise, whose talkers and receiver these are."""
import itertools
import json
import time

import dw4_notices_kill_test as kills
from harness import circle, main, write_json

NDJSON = ("Content-Type", "application/x-ndjson")
NAMES = itertools.count()
SENT = []  # what a feeder that was not answered would send again, and some does so anyhow


class TracksKill(kills.NoticesKill):
    ROW = kills.NoticesKill.ROW - {"record"} | {"track"}
    WANTED = {"what": ["track"]}
    AT_ONCE = 300  # fewer than are kept of one party's word

    def node_options(self):
        zone = write_json(self.folder / "zone.geojson",
                          circle(20.0, 10.0, 1000, id="z", name="EXERCISE"))
        return ("--zone", f"tr:1:{zone}")

    @staticmethod
    def say(talker, connection):
        """A thing that nobody has seen before, first outside and then inside; and one of before
        again, of which a node that was started anew knows nothing."""
        if SENT:
            talker.ask(connection, "POST", "/v1/tracks", talker.chance.choice(SENT), NDJSON)
        name, now = f"t{next(NAMES)}", round(time.time() * 1000)
        lines = [{"track": name, "by": "EXERCISE air", "kind": "aircraft", "time": now - before,
                  "lat": 10.0, "lon": lon} for before, lon in ((5000, 20.1), (0, 20.0))]
        body = "".join(json.dumps(one) + "\n" for one in lines).encode()
        try:
            done = talker.ask(connection, "POST", "/v1/tracks", body, NDJSON)
        finally:
            SENT.append(body)  # answered or not
        assert (done["accepted"], done["alerts"]) == (2, 1), done
        return name

    @staticmethod
    def cause(notice):
        assert notice["track"]["kind"] == "entered", notice
        assert "newest" not in notice["track"], notice
        return notice["track"]["track"]

    @staticmethod
    def order(notice):
        return notice["seq"]


if __name__ == "__main__":
    main()
