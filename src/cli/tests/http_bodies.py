# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests that are as openapi.json describes them, by chance: what Maker sends."""
import json
import time

from harness import circle, feature
from sheet_codes import any_code


class Bodies:
    """Values for `chance`, about what `world` holds; `resolved` looks a schema up."""

    def __init__(self, chance, world, resolved):
        self.chance = chance
        self.world = world
        self.resolved = resolved

    def time(self):
        chance = self.chance
        zone = chance.choice(("Z", "+00:00", "+03:00", "-11:30"))
        fraction = chance.choice(("", ".5", ".123", ".123456789"))
        return (f"20{chance.randrange(26, 60)}-{chance.randrange(1, 13):02}-"
                f"{chance.randrange(1, 29):02}T{chance.randrange(24):02}:00:00{fraction}{zone}")

    def geometry(self):
        """A geometry and the property that widens it."""
        chance = self.chance
        lon, lat = round(chance.uniform(-179, 178), 5), round(chance.uniform(-80, 80), 5)
        kind = chance.randrange(4)
        if kind == 0:
            return {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.2, lat + 0.1]]}, \
                {"half_width_m": chance.choice((0, 50, 0.1))}
        if kind == 1:
            ring = [[lon, lat], [lon + 0.3, lat], [lon + 0.3, lat + 0.2], [lon, lat]]
            return {"type": "Polygon", "coordinates": [ring]}, {}
        if kind == 2:  # near the example's records
            lon, lat = round(chance.uniform(24, 28), 4), round(chance.uniform(-24.1, -18), 4)
        return circle(lon, lat, 0)["geometry"], {"radius_m": chance.choice((0, 1, 250.5, 90000))}

    def common_properties(self):
        chance = self.chance
        out = {}
        if chance.random() < 0.3:
            out |= {"altitude_lower": 10, "altitude_upper": 900.5,
                    "altitude_reference": chance.choice(("W84", "AGL", "AMSL"))}
        if chance.random() < 0.3:
            out |= {"time_start": "2026-01-01T00:00:00Z", "time_end": "2061-01-01T00:00:00+02:00"}
        if chance.random() < 0.2:
            out["unheard_of_member_of_ours"] = [1, None, {"a": True}]
        return out

    def plan(self):
        def one():
            geometry, widened = self.geometry()
            return feature(geometry, **widened, **self.common_properties())
        if self.chance.random() < 0.6:
            return one()
        return {"type": "FeatureCollection",
                "features": [one() for _ in range(self.chance.randrange(1, 5))]}

    def protection(self):
        chance = self.chance
        geometry, widened = self.geometry()
        return feature(geometry, **widened, **self.common_properties(), **{
            "class": chance.choice(self.resolved(
                {"$ref": "#/components/schemas/Class"})["enum"]),
            "name": chance.choice(("EXERCISE", "مستشفى", "\"quoted\"\n", "x" * 1024)),
            "name:ar": "ا", "x_own": "1", "contact": "desk", "buffer_m": chance.randrange(900)})

    def following(self):
        act = self.chance.choice(("amend", "amend", "confirm", "confirm_move", "withdraw"))
        out = {"act": act}
        if act == "amend":
            out["feature"] = self.protection()
        if act == "confirm":
            out["until"] = self.time()
        return out

    def movement(self):
        chance = self.chance
        lon, lat = round(chance.uniform(-179, 178), 5), round(chance.uniform(-80, 80), 5)
        legs = [feature({"type": "LineString",
                         "coordinates": [[lon + i, lat], [lon + i + 1, lat + 0.1]]},
                        half_width_m=chance.choice((0, 50, 900.5)), buffer_m=chance.randrange(900),
                        time_start=f"2026-01-0{i + 1}T00:00:00Z",
                        time_end=f"2061-01-0{i + 1}T00:00:00+02:00", vehicles=["lorry 1"])
                for i in range(chance.randrange(1, 4))]
        return {"type": "FeatureCollection", "features": legs,
                "properties": {"class": "relief", "name": "EXERCISE convoy", "contact": "desk",
                               "cargo": "flour",
                               "vehicles": [{"callsign": "lorry 1", "plate": "A 123"}]}}

    def movement_act(self):
        act = self.chance.choice(("amend", "start", "end", "cancel"))
        out = {"act": act}
        if act == "amend":
            out["movement"] = self.movement()
        if act in ("start", "end"):
            out["leg"] = self.chance.randrange(1, 4)
        if act == "start" and self.chance.random() < 0.5:
            out["at"] = self.time()
        return out

    def objection(self):
        """Of a party alone: to an activity of its own."""
        return {"activity": "a2b3c4d5e6f7a2b3", "entry": "A" * 43 + "=", "party": self.world.party,
                "plan": self.plan()} | self.objection_act()

    def objection_act(self):
        out = {"grounds": self.chance.choice(("EXERCISE", "سبب", "x" * 1024))}
        if self.chance.random() < 0.5:
            out["contact"] = "desk"
        if self.chance.random() < 0.5:
            out["party"] = self.world.party
            out["found"] = self.chance.sample(self.world.ids, self.chance.randrange(3))
        return out

    def stop(self):
        out = {"to": "ru", "text": self.chance.choice(("EXERCISE", "توقف\nالآن")),
               "plan": self.plan()}
        if self.chance.random() < 0.5:
            out["desks"] = self.chance.choice((["duty"], ["duty", "أرض"]))
        return out

    def stop_answer(self):
        return {"word": self.chance.choice(("noted", "accepted", "refused")), "text": "EXERCISE"}

    def attempt(self):
        return {"route": self.chance.choice(("voice", "other")), "detail": "EXERCISE",
                "outcome": self.chance.choice(("answered", "no_answer", "failed"))}

    def activity(self):
        """Sealed: of a party alone there is nobody to declare it to."""
        plan = self.plan()
        for one in plan["features"] if plan["type"] == "FeatureCollection" else [plan]:
            one["properties"] |= {"time_start": "2026-01-01T00:00:00+05:30",
                                  "time_end": f"206{self.chance.randrange(10)}-01-01T00:00:00Z"}
        return {"plan": plan, "contact": "EXERCISE desk", "name": "جولة",
                "accuracy_m": self.chance.choice((0, 25.5)), "sealed": True}

    def activity_act(self):
        act = self.chance.choice(("amend", "start", "end", "cancel"))
        out = {"act": act}
        if act == "amend":
            out |= {key: value for key, value in self.activity().items() if key != "sealed"}
        return out

    def sealed_check(self):
        return {"plan": self.plan(), "margin_m": self.chance.choice((0, 12.3, 100000))}

    def search(self):
        """What may be asked for; its area has no times, which are said beside it."""
        chance = self.chance
        area = self.plan()
        for feature in area.get("features", [area]):
            for key in ("time_start", "time_end"):
                (feature.get("properties") or {}).pop(key, None)
        every = {"text": chance.choice(("EXERCISE", "سطر", "больница hos", "医院 ")),
                 "area": area, "margin_m": chance.choice((0, 12.5)),
                 "from": "2026-01-01T00:00:00+05:30", "until": "2036-01-01T00:00:00Z",
                 "kinds": ["report", "protection"], "classes": ["hospital", "school"],
                 "source": chance.choice("ABCDE"), "information": chance.choice("12345"),
                 "withdrawn": chance.random() < 0.5,
                 "which": chance.choice(("fitting", "no_place", "no_grade")),
                 "limit": chance.choice((1, 7, 1000)),
                 "format": chance.choice(("json", "geojson", "csv"))}
        out = {key: value for key, value in every.items() if chance.random() < 0.4}
        if "area" not in out:
            out.pop("margin_m", None)
        return out

    def statement(self):
        """Of any kind; what it belongs to is this party's own. Given to nobody: there is none."""
        kind = self.chance.choice(("report", "incident", "group", "control", "position",
                                   "assessment", "responsibility", "link", "request"))
        return {"kind": kind, "said": self.said_of(kind), "to": []} | self.label_and_tear(kind)

    def said_of(self, kind):
        chance = self.chance
        grade = chance.choice("ABCDEF") + chance.choice("123456")
        text = chance.choice(("EXERCISE", "سطر\nثان", "x" * 9000))
        out = {"contact": "EXERCISE liaison", "text": text}
        source = {"kind": "media", "line": chance.choice(("AFP", "وكالة")), "grade": grade}
        time = {"from": "2026-01-01T00:00:00+05:30", "until": "2026-01-02T00:00:00Z"}
        known = getattr(self.world, "statements", {})
        more = {
            "report": lambda: time | {"topic": "EXERCISE", "grade": grade, "sources": [source],
                                      "volumes": self.plan(), "accuracy_m": 25.5,
                                      "about": [chance.choice(self.world.ids)]},
            "incident": lambda: time | {
                "sort": "air_strike", "time_precision": "day", "place_precision": "near",
                "objects": [{"record": chance.choice(self.world.ids), "damage": "destroyed"}],
                "casualties": [{"category": "civilian", "harm": "killed", "least": 0, "best": 3}],
                "sources": [source], "volumes": self.plan()},
            "group": lambda: {"names": [{"text": "EXERCISE"}, {"text": "لواء", "script": "Arab"}]},
            "control": lambda: {"area": "EXERCISE", "volumes": self.plan(), "holding": "held",
                                "holder": {"name": "EXERCISE"}, "grade": grade},
            "position": lambda: {"point": "EXERCISE", "stand": "differs"},
            "assessment": lambda: {"of": chance.choice(known["report"]), "opinion": "doubts",
                                   "grade": grade},
            "responsibility": lambda: {"of": chance.choice(known["incident"]),
                                       "stance": "attributes", "whom": {"name": "EXERCISE"}},
            "link": lambda: {"relation": "part_of"} | dict(zip(
                ("incident", "other"), chance.sample(known["incident"], 2))),
            "request": lambda: {"of": chance.choice(known["report"]), "parties": ["msf"]},
        }[kind]()
        return out | more

    def label_and_tear(self, kind):
        out = {}
        if self.chance.random() < 0.5:
            out["label"] = {"onward": "free", "tlp": "amber", "personal_data": True,
                            "review_at": "2036-01-01T00:00:00Z"}
        if kind in ("report", "incident") and self.chance.random() < 0.5:
            out["tear"] = "EXERCISE"
        return out

    def statement_act(self):
        if self.chance.random() < 0.1:
            return {"act": "withdraw"}
        return {"act": "amend", "said": {"contact": self.chance.choice(("desk", "مكتب"))}}

    def airspace(self):
        """Given to nobody: a party alone has none to give it to."""
        return {"plan": self.plan(), "name": self.chance.choice(("EXERCISE border", "حدود")),
                "contact": "EXERCISE air desk", "frequency": "121.5 MHz", "language": "ar",
                "text": "EXERCISE\nسطر", "accuracy_m": self.chance.choice((0, 25.5)), "to": []}

    def airspace_act(self):
        if self.chance.random() < 0.1:
            return {"act": "withdraw"}
        given = {key: value for key, value in self.airspace().items()
                 if key != "to" and self.chance.random() < 0.7}
        return {"act": "amend"} | given

    def reply(self):
        return {"word": self.chance.choice(("noted", "accepted", "refused", "conflict")),
                "text": "EXERCISE", "contact": "desk"}

    def challenge(self):
        """Of a party alone: to a record of its own."""
        return {"record": self.chance.choice(self.world.ids)} | self.challenge_words()

    def challenge_words(self):
        chance = self.chance
        out = {"grounds": chance.choice(("place", "use", "time", "duplicate", "identity",
                                         "unverified", "other")),
               "grade": chance.choice("ABCDEF") + chance.choice("123456"),
               "text": chance.choice(("EXERCISE", "سبب", "x" * 1024)), "contact": "desk"}
        if chance.random() < 0.5:
            out["answer_by"] = self.time()
        return out

    def challenge_act(self):
        if self.chance.random() < 0.3:
            return {"act": "withdraw"}
        return {"act": "amend"} | self.challenge_words()

    def challenge_answer(self):
        return {"word": self.chance.choice(("noted", "accepted", "refused")), "text": "EXERCISE"}

    def message(self):
        """There is nobody to send it to."""
        out = {"to": ["ru"], "desks": ["duty", "وردية"], "from": "liaison", "text": "EXERCISE"}
        if self.chance.random() < 0.3:
            out |= {"about": self.chance.choice(self.world.ids), "language": "en"}
        return out

    def acknowledgement(self):
        return {"desk": "duty", "text": self.chance.choice(("", "EXERCISE"))}

    def sign_in(self):
        """Each well-formed, and none this node's."""
        code = "a2b3c4d5e6f7a2b3c4d5e6f7a2b3c4d5"
        password = self.chance.choice(("of four words none", "كلمة السر الطويلة جدا"))
        return self.chance.choice((
            {"once": code}, {"invitation": code, "password": password},
            {"first": code, "name": "nadia", "password": password, "full_name": "نادية"},
            {"name": self.chance.choice(self.world.people + ["nobody"]), "password": password}))

    def passwords(self):
        return {"password": "what it was", "new_password": "what it is to be"}

    def roles(self):
        roles = self.resolved({"$ref": "#/components/schemas/Role"})["enum"]
        return self.chance.sample(roles, self.chance.randrange(len(roles) + 1))

    def person(self):
        out = {"name": f"p{self.chance.randrange(400)}", "roles": self.roles()}
        if self.chance.random() < 0.3:
            out |= {"full_name": self.chance.choice(("نادية", "Nadia H.", ""))}
        if self.chance.random() < 0.1:
            out |= {"password": "correct horse battery"}
        return out

    def person_change(self):
        kind = self.chance.randrange(10)
        if kind == 0:
            return {"password": "correct horse battery"}
        return {"roles": self.roles()} if kind < 6 else {"disabled": kind < 8}

    def token(self):
        return {"name": f"t{self.chance.randrange(400)}",
                "person": self.chance.choice(self.world.people), "roles": self.roles()[:1],
                "until": self.world.soon}

    def approval(self):
        """None has a signature of an officer."""
        return self.chance.choice((
            {"act": "sign", "key": "A" * 43 + "=", "signature": "A" * 86 + "=="},
            {"act": "sign", "passphrase": "of four words none", "officer": "nobody"},
            {"act": "refuse", "why": "still in use"}, {"act": "log"}))

    def officer(self):
        """Signed by no root."""
        return {"name": "mallory", "entry": json.dumps(
            {"from": 0, "key": "A" * 43, "kind": "key", "origin": "x", "role": "officer",
             "signature": "A" * 86, "v": 1}, separators=(",", ":"))}

    def duty(self):
        return {"role": self.chance.choice(("stop-desk", "watch")), "what": "يسمع"}

    def duty_act(self):
        act = self.chance.choice(("on", "off", "accept", "hand_over"))
        out = {"act": act, "person": self.chance.choice(self.world.people)}
        return out | {"to": self.chance.choice(self.world.people)} if act == "hand_over" else out

    def table(self):
        rows = [f"r{self.chance.randrange(99)},EXERCISE {i},clinic,{i},{self.chance.randrange(90)}"
                for i in range(self.chance.randrange(1, 4))]
        return "\n".join(["ref,name,class,lat,lon"] + rows).encode()

    def position(self):
        """Now, or at times that are refused; near the example's records now and then."""
        chance = self.chance
        out = {"track": f"EXERCISE {chance.randrange(9)}", "by": chance.choice(("air", "جو")),
               "kind": chance.choice(("aircraft", "convoy")),
               "time": chance.choice((self.time(), round(time.time() * 1000))),
               "lat": round(chance.uniform(-24.1, -18), 4), "lon": round(chance.uniform(24, 28), 4)}
        if chance.random() < 0.5:
            out |= {"altitude": 1200.5, "altitude_reference": "AMSL"}
        return out

    def receipt(self):
        return {"records": self.chance.sample(self.world.ids, self.chance.randrange(1, 4)),
                "rung": self.chance.choice(("passed", "confirmed")), "unit": "TACC"}

    def sheet(self):
        wish = {"records": self.chance.sample(self.world.ids, self.chance.randrange(1, 4)),
                "unit": self.chance.choice(("TACC", "الوحدة"))}
        if self.chance.random() < 0.5:
            wish["hours"] = self.chance.choice((1, 24, 168))
        return wish

    def sheet_code(self):
        voice = {"voice": self.chance.choice(("watch", "المناوب"))}
        return {"code": any_code(self.chance)} | (voice if self.chance.random() < 0.5 else {})

    def subscription(self):
        wish = {}
        if self.chance.random() < 0.5:
            wish["area"] = self.plan()
            wish["margin_m"] = self.chance.choice((0, 12.34, 100000))
        if self.chance.random() < 0.5:
            wish["classes"] = self.chance.sample(("hospital", "dam", "other"), 2)
        if self.chance.random() < 0.5:
            words = ("record", "objection", "stop", "withheld", "log", "receipt", "leg", "activity",
                     "challenge", "message", "alarm")
            wish["what"] = self.chance.sample(words, 2)
        if self.chance.random() < 0.5:
            wish["route"] = "board"
        if self.chance.random() < 0.2:
            wish["duty"] = []
        return wish

    def release(self):
        return {"records": self.chance.sample(self.world.ids, self.chance.randrange(1, 4)),
                "to": self.chance.choice(("ru", "msf", "un")),
                "tier": self.chance.choice(("coarse", "exact"))}

    def recall(self):
        return {"records": self.chance.sample(self.world.ids, self.chance.randrange(1, 4)),
                "from": self.chance.choice(("ru", "msf", "un")),
                "coarse": self.chance.random() < 0.5, "reason": self.chance.choice(("", "سبب"))}

    def hold(self):
        wish = {"record": self.chance.choice(self.world.ids)}
        if self.chance.random() < 0.7:
            wish["because"] = self.chance.choice(("incident", "dispute", "activity", "refusal"))
            wish["text"] = self.chance.choice(("report 7", "تقرير"))
        return wish
