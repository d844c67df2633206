#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""STOPs with real nodes: people who do not answer, desks that nobody holds, nodes that cannot be
reached but through others, and a STOP that is here before its author's log is."""
import re
import socket
import time

from charter_world import World
from harness import BAD_INPUT, CONFLICT, Case, INCOMPLETE, OK, circle, entente, main, write_json
from http_node import Node

AT = (40.1, 35.24)
WORDS = "EXERCISE: you are striking our partners"


def free_ports(count):
    """Ports that nobody listens on now."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Quick(World):
    """A charter whose clocks for STOPs are seconds, and whose nodes poll often or never."""

    def __init__(self, folder, next_desk=2, escalate=5):
        self.timers = {"next_desk_after_s": next_desk, "escalate_after_s": escalate}
        self.ports = dict(zip(("fr", "ru", "msf", "un"), free_ports(4)))
        super().__init__(folder, ports=self.ports)

    def must(self, *words):
        done = super().must(*words)
        if words[:2] == ("charter", "new"):
            text = self.charter.read_text()
            for key, value in self.timers.items():
                text, found = re.subn(rf"(?m)^{key} = \d+", f"{key} = {value}", text)
                assert found == 1, key
            self.charter.write_text(text)
        return done

    def polls(self, party, seconds):
        (self.dir(party) / "entente.toml").write_text(f"poll_every_s = {seconds}\n")


class Stops(Case):
    def setUp(self):
        self.number = getattr(type(self), "number", 0) + 1
        type(self).number = self.number
        self.world = Quick(self.folder / f"world{self.number}").begun()

    def of(self, party, *words, code=OK):
        done = entente(*words, "--data", self.world.dir(party))
        self.assertTrue(code is None or done.code == code, str(done))
        return done

    def say(self, party="fr", to="ru", desks="duty", *more):
        done = self.of(party, "stop", "say", "--to", to, "--desk", desks, "--lat", AT[1], "--lon",
                       AT[0], "--radius-m", 2000, "--text", WORDS, "--contact", "EXERCISE", *more)
        return re.search(r"\b[a-z2-7]{16}\b", done.out).group()

    def shown(self, party, stop):
        return self.of(party, "stop", "show", stop, "--json").json

    def listed(self, party):
        return self.of(party, "stop", "list", "--json").json

    def check(self, party, lon=AT[0]):
        plan = write_json(self.folder / "plan.geojson", circle(lon, AT[1], 300))
        return entente("check", plan, "--data", self.world.dir(party))

    def calls(self, party, stop):
        return [one for one in self.shown(party, stop)["calls"] if one["automatic"]]

    def direct(self, call):
        return next(one for one in call["tried"] if one["route"] == "direct")

    def test_1_goes_from_desk_to_desk_until_somebody_answers(self):
        for party in ("fr", "ru"):
            self.world.polls(party, 0.3)
        for role in ("duty", "floor"):
            self.of("ru", "duty", "add", role, "--what", "EXERCISE")
        self.of("ru", "subscribe", "add", "--what", "stop")
        self.of("fr", "subscribe", "add", "--what", "stop")
        with (Node(self.world.dir("fr")), Node(self.world.dir("ru")) as ru,
              ru.connect() as events):
            events.send(ru.request("GET", "/v1/events"))
            self.assertEqual(events.head().status, 200)
            stop = self.say("fr", "ru", "duty,floor,chief")
            # Nobody holds `duty` and `floor`: neither is waited for. Of `chief` ru's node knows
            # nothing, so it is given its time.
            calls = self.until("a call of all", lambda: (
                lambda all: all if all and len(all[-1]["desks"]) == 3 else None)(
                    self.calls("fr", stop)))
            self.assertEqual([one["desks"] for one in calls],
                             [["duty"], ["floor"], ["chief"], ["duty", "floor", "chief"]])
            self.assertEqual([self.direct(one)["outcome"] for one in calls],
                             ["no_answer", "no_answer", "handed", "no_answer"])
            self.assertIn("nobody holds duty", self.direct(calls[0])["detail"])
            # Others took it as well, or could not be reached: every route stands there.
            self.assertEqual({one["via"]: one["outcome"] for one in calls[0]["tried"]},
                             {"ru": "no_answer", "msf": "failed", "un": "failed"})
            self.assertEqual(self.shown("fr", stop)["answered"], "nobody")
            board = self.until("the notice", lambda: [
                one for one in self.of("ru", "notices", "list", "--json").json["notices"]
                if one["record"] == stop])
            self.assertIn(WORDS, board[-1]["text"])
            self.assertIn("answer it now", board[-1]["text"])
            self.until("the STOP in ru's log of us",
                       lambda: self.listed("ru")["stops"] and not self.listed("ru")["heard"])
            self.exits(CONFLICT, self.check("ru"))
            self.assertIn("asks for all to stop", self.check("ru").out)
            self.assertNotIn("asks for all to stop", self.check("ru", 50).out)
            # The node said by itself that it has it; that is nobody's answer.
            self.until("ru's node's word", lambda: [
                one for one in self.shown("fr", stop)["answers"] if one["automatic"]])
            self.assertEqual(self.shown("fr", stop)["answered"], "nobody")
            self.of("ru", "stop", "answer", stop, "--word", "accepted", "--contact", "floor",
                    "--text", "EXERCISE: called off")
            shown = self.until("the answer", lambda: (
                lambda one: one if one["answered"] == "accepted" else None)(self.shown("fr", stop)))
            self.assertIsNone(shown["next"])
            self.assertIn("EXERCISE: called off", self.of("fr", "stop", "show", stop).out)
            self.until("that fr is told", lambda: any(
                one["detail"] == "replied_accepted"
                for one in self.of("fr", "notices", "list", "--json").json["notices"]))
            heard = b""
            while b"event: urgent\n" not in heard:  # the page asks again by that
                heard += events.chunk()
            made = len(self.calls("fr", stop))
            time.sleep(6)
            self.assertEqual(len(self.calls("fr", stop)), made, "who has answered is left alone")
        # Every attempt and every answer is a statement: it is there without any node.
        self.assertEqual(len(self.calls("fr", stop)), made)
        self.assertGreaterEqual(len(self.calls("ru", stop)), made - 1)
        self.proves(stop, made)

    def proves(self, stop, calls):
        """Calls and answers stand in an evidence file, of whoever makes it, for all who read it."""
        for party in ("fr", "ru"):
            file = self.folder / f"stop-{party}.evidence"
            self.of(party, "evidence", stop, "--out", file)
            done = entente("verify", file, "--charter", self.world.charter, "--json")
            self.exits(OK, done)
            lines = [(one["standing"], one["code"], one["text"]) for one in done.json["lines"]]
            of = [text for standing, code, text in lines if (standing, code) == ("proven", "call")]
            self.assertGreaterEqual(len(of), calls - 1)
            self.assertIn('"duty", "floor", "chief"', of[-1])
            self.assertTrue(any("nobody holds duty" in text for _, code, text in lines
                                if code == "tried"), lines)
            answers = [text for standing, code, text in lines
                       if (standing, code) == ("proven", "answer")]
            self.assertTrue(any(text.startswith("ru answered 'accepted'") for text in answers))
            self.assertTrue(any("by its node" in text for text in answers), answers)
            self.assertIn(("claimed", "answer_words"), [line[:2] for line in lines])
            page = self.folder / f"stop-{party}.html"
            self.exits(OK, entente("verify", file, "--charter", self.world.charter, "--html",
                                   page))
            self.assertIn("Who was called", page.read_text())

    def test_2_is_here_before_its_log_is(self):
        # ru has fr's log up to here; from then on it can be called, and reaches nobody itself.
        for party in ("fr", "ru"):
            self.world.polls(party, 3600)
        self.of("ru", "subscribe", "add", "--what", "stop")
        with Node(self.world.dir("fr")):
            self.of("ru", "sync", "fr", code=None)
        self.of("ru", "peer", "add", "fr", "--address", "https://127.0.0.1:9")
        with Node(self.world.dir("ru")) as ru, Node(self.world.dir("fr")):
            before = self.check("ru").out
            self.assertNotIn("STOP", before)
            stop = self.say()
            heard = self.until("the STOP", lambda: self.listed("ru")["heard"])
            self.assertEqual([(one["id"], one["party"], one["text"], one["desks"])
                              for one in heard], [(stop, "fr", WORDS, ["duty"])])
            told = [one for one in self.of("ru", "notices", "list", "--json").json["notices"]]
            self.assertEqual([(one["record"], one["detail"]) for one in told], [(stop, "heard")])
            self.assertIn(WORDS, told[0]["text"])
            self.assertEqual(self.shown("ru", stop)["heard"]["plan"]["features"][0]["properties"]
                             ["radius_m"], 2000)
            self.assertIn("its log does not show it yet", self.of("ru", "stop", "show", stop).out)
            # It counts where it is, and is a caution elsewhere until its log shows it.
            self.exits(CONFLICT, self.check("ru"))
            self.assertIn("fr asks for all to stop in what the plan touches", self.check("ru").out)
            self.assertNotIn("asks for all to stop", self.check("ru", 50).out)
            self.assertIn("fr has sent a STOP elsewhere", self.check("ru", 50).out)
            # A later call tells nobody twice.
            self.until("a second call", lambda: len(self.calls("fr", stop)) > 1)
            self.assertEqual(len(self.listed("ru")["heard"]), 1)
            self.assertEqual(len(self.of("ru", "notices", "list", "--json").json["notices"]), 1)
            ru.kill()
        self.exits(INCOMPLETE, self.check("ru", 50))  # without a node its box is not opened
        with Node(self.world.dir("ru")):
            self.assertEqual([one["id"] for one in self.listed("ru")["heard"]], [stop])
            self.assertEqual(len(self.of("ru", "notices", "list", "--json").json["notices"]), 1)
            self.assertEqual(self.listed("ru")["heard"][0]["answered"], "nobody")
            self.of("ru", "stop", "answer", stop, "--word", "noted", "--contact", "duty")
            self.assertEqual(self.listed("ru")["heard"][0]["answered"], "acknowledged")
        here = f"https://127.0.0.1:{self.world.ports['fr']}"
        self.of("ru", "peer", "add", "fr", "--address", here)
        with Node(self.world.dir("ru")), Node(self.world.dir("fr")):
            self.of("ru", "sync", "fr")
            self.until("the log", lambda: not self.listed("ru")["heard"])
            self.assertEqual([one["id"] for one in self.listed("ru")["stops"]], [stop])
            self.exits(CONFLICT, self.check("ru"))
            self.assertNotIn("STOP", self.check("ru", 50).out)
            self.assertEqual(self.shown("ru", stop)["answered"], "acknowledged")

    def test_3_reaches_who_can_be_reached_only_through_another(self):
        for party in ("fr", "ru", "un"):
            self.world.polls(party, 0.3)
        self.of("fr", "peer", "add", "ru", "--address", "https://127.0.0.1:9")
        with Node(self.world.dir("fr")), Node(self.world.dir("ru")), Node(self.world.dir("un")):
            stop = self.say()
            call = self.until("a call", lambda: self.calls("fr", stop))[0]
            self.assertEqual({(one["route"], one["via"]): one["outcome"] for one in call["tried"]},
                             {("direct", "ru"): "failed", ("party", "un"): "handed",
                              ("party", "msf"): "failed"})
            self.until("the STOP", lambda: [
                one for one in self.listed("ru")["heard"] + self.listed("ru")["stops"]
                if one["id"] == stop])
            self.assertEqual(self.listed("un"), {"stops": [], "heard": [], "total": 0})

    def test_4_people_call_too_and_only_its_author_lifts_it(self):
        for party in ("fr", "ru"):
            self.world.polls(party, 0.3)
        with Node(self.world.dir("fr")), Node(self.world.dir("ru")):
            stop = self.say()
            self.of("fr", "stop", "called", stop, "--desk", "duty", "--outcome", "answered",
                    "--detail", "EXERCISE: the colonel, by the line of 2015")
            shown = self.shown("fr", stop)
            self.assertEqual(shown["answered"], "acknowledged")
            self.until("the STOP at ru", lambda: self.listed("ru")["stops"])
            self.refused(entente("stop", "called", stop, "--outcome", "failed", "--data",
                                 self.world.dir("ru")), BAD_INPUT, "answer it")
            self.refused(entente("stop", "answer", stop, "--word", "noted", "--data",
                                 self.world.dir("fr")), BAD_INPUT, "who is asked to stop")
            self.refused(entente("stop", "lift", stop, "--data", self.world.dir("ru")), BAD_INPUT,
                         "only its author")
            self.of("fr", "stop", "lift", stop)
            self.assertIsNone(self.shown("fr", stop)["next"])
            self.assertIn("asks for all to stop", self.check("fr").out, "lifting is slow")
            self.refused(entente("stop", "lift", stop, "--data", self.world.dir("fr")), BAD_INPUT,
                         "lifted already")

    def test_5_is_refused_with_what_to_do(self):
        def say(*words):
            return entente("stop", "say", "--text", WORDS, *words, "--data", self.world.dir("fr"))
        self.refused(say("--to", "ru"), BAD_INPUT, "where?")
        here = ("--lat", AT[1], "--lon", AT[0])
        self.refused(say("--to", "fr", *here), BAD_INPUT, "this party itself")
        self.refused(say("--to", "nobody", *here), BAD_INPUT, "no party 'nobody'")
        self.refused(say("--to", "ru", "--desk", "a,a", *here), BAD_INPUT, "once")
        self.refused(say("--to", "ru", "--lat", "35,24", "--lon", "40.1"), BAD_INPUT, "35,24")
        self.refused(say("--activity", "mzxw6ytbmzxw6ytb"), BAD_INPUT, "no activity")
        done = say("--to", "ru", *here)
        self.exits(OK, done)
        self.assertIn("nobody is called yet", done.err)
        for verb in ("say", "called", "answer", "lift", "list", "show"):
            self.assertIn(f"entente stop {verb}", entente("stop", verb, "--help").out)


if __name__ == "__main__":
    main()
