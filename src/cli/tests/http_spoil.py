# SPDX-License-Identifier: Apache-2.0
"""Ways to spoil a valid request (http_requests.py). Each changes it in place and returns the
statuses that it must be answered with, None for any that is documented, or False where it does
not apply to this request."""
import json

DEEP = 40
WRONG_VALUES = {
    "integer": ("-1", "1e3", "99999999999999999999999", "0x10", "%205", "%2B5", "5.0", "a"),
    "number": ("-1", "nan", "inf", "1e999", "100001", "1,5", "0x1p3", "-0.0001"),
    "time": ("yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "0",
             "99999-01-01T00:00:00Z"),
    "bbox": ("1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,50,10,40", "-181,0,0,1", ",,,",
             "1e999,0,0,0"),
    "enum": ("foo", "HOSPITAL", "hospital,clinic", "0"),
}
NAMED = ("/v1/people", "/v1/tokens", "/v1/sessions", "/v1/approvals", "/v1/duty",
         "/v1/subscriptions", "/v1/notices/dead", "/v1/notices/dead/{notice}")
OTHER_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
# Of a body for these no member must be there.
ALL_OPTIONAL = ("/v1/subscriptions", "/v1/search")


def secured(sent):
    return sent.operation.secured


# -- who asks --

def without_credential(sent, _):
    if not secured(sent):
        return False
    sent.headers = [one for one in sent.headers if one[0] not in ("Authorization", "Cookie")]
    return {401}


def wrong_credential(sent, chance):
    if not without_credential(sent, chance):
        return False
    sent.headers.append(chance.choice((
        ("Authorization", "Bearer " + "a" * 43), ("Authorization", "Bearer "),
        ("Authorization", "Basic Zm9vOmJhcg=="), ("Authorization", "x" * 5000),
        ("Cookie", "entente_1=aaaa"), ("Cookie", ";;;=;=;"), ("Cookie", "é=\udcff"))))
    return {401}


def foreign_origin(sent, chance):
    if not secured(sent) and sent.operation.path != "/v1/session":
        return False
    sent.set_header("Origin", chance.choice(("http://evil.example", "null", "http://127.0.0.1",
                                             "https://127.0.0.1:1")))
    return {403}


def cookie_write_without_origin(sent, _):
    if not sent.operation.writes or not any(key == "Cookie" for key, _ in sent.headers):
        return False
    sent.headers = [one for one in sent.headers if one[0] != "Origin"]
    return {403}


def foreign_host(sent, chance):
    sent.set_header("Host", chance.choice(("evil.example", "127.0.0.1", "localhost:1", "[::1]",
                                           "entente.evil.example:80", "")))
    return {421}


# -- the target --

def surplus_parameter(sent, chance):
    sent.query.insert(chance.randrange(len(sent.query) + 1),
                      chance.choice((("limitt", "5"), ("", ""), ("x[]", "1"), ("AT", "1"))))
    return {400}


def repeated_parameter(sent, chance):
    if not sent.query:
        return False
    sent.query.append(chance.choice(sent.query))
    return {400}


def broken_percent(sent, chance):
    sent.query.append(("text", chance.choice(("%", "%2", "%zz", "%00", "%ff", "%c3%28", "%+1"))))
    return {400}


def wrong_parameter(sent, chance):
    """A value that the schema forbids."""
    kinds = {"at": "time", "bbox": "bbox", "class": "enum", "state": "enum", "text": None,
             "margin_m": "number", "preview": "enum", "amend": "enum", "name": None,
             "source": None, "map": None, "class_of": None, "to": None, "device": None,
             "key": None, "from": None, "until": None, "whole": "enum", "lat": None, "lon": None,
             "bodies": "enum", "charter": None}
    names = [one["name"] for one in sent.operation.parameters("query")
             if kinds.get(one["name"], "integer")]
    lines = any(one[0] == "Content-Type" and "x-ndjson" in one[1] for one in sent.headers)
    names = [name for name in names if name != "first_line" or lines]
    if not names or any(key == "Last-Event-ID" for key, _ in sent.headers):
        return False
    name = chance.choice(names)
    sent.query = [one for one in sent.query if one[0] != name]
    sent.query.append((name, chance.choice(WRONG_VALUES[kinds.get(name, "integer")])))
    return {400}


def empty_parameter(sent, chance):
    names = [one["name"] for one in sent.operation.parameters("query")]
    if not names:
        return False
    sent.query = [(chance.choice(names), "")]
    return None


def no_such_thing(sent, chance):
    """A path of this form with nothing there."""
    sent.query = []
    if "{id}" in sent.operation.path:
        before, _, rest = sent.operation.path.partition("{id}")
        rest = rest.removeprefix("/")
        sent.path = before + chance.choice(
            ("aaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAA", "x", "%20", "..", "1" * 3000,
             "%D8%A7")) + ("/" + rest if rest else "")
        # A PATCH looks at the record first, then at the rest.
        return {404}
    for name in ("{name}", "{token}", "{session}", "{approval}", "{role}",
                 "{subscription}"):
        start, found, end = sent.operation.path.partition(name)
        if found:
            sent.path = start + chance.choice(("nobody", "%20", "..", "1" * 3000, "%D8%A7")) + end
            return {404}
    if sent.operation.path == "/log/tile/{path}":
        sent.path = "/log/tile/" + chance.choice(
            ("0/999", "9/000", "0/000.p/0", "0/000.p/257", "x", "", "-1/000", "0/0", "64/000",
             "entries/x000/000", "../checkpoint", "0/" + "x000/" * 200 + "000", "0/000/"))
        return {404}
    if "/basemap/" in sent.path:
        sent.path = "/basemap/" + chance.choice(("0/0/0", "23/0/0", "a/b/c", "0/1/0"))
        return {404}
    if "{z}" in sent.operation.path:
        sent.path = "/v1/tiles/" + chance.choice(("23/0/0.mvt", "0/1/0.mvt", "5/32/0.mvt", "1/1/1",
                                                  "5/4294967296/0.mvt"))
        return {404}
    sent.path += chance.choice(("/", "/x", "%2F", "x"))
    sent.method = "GET"
    sent.body = None
    # What stands for a name may be there for other methods.
    return {404, 405} if sent.operation.path in NAMED else {404}


def odd_tile(sent, chance):
    if "/v1/tiles/" not in sent.path:
        return False
    sent.path = "/v1/tiles/" + chance.choice(("a/b/c.mvt", "-1/0/0.mvt", "01/0/0.mvt", "1/0/.mvt",
                                              "1/+1/0.mvt", "1/0/0%20.mvt"))
    return {400}


def long_target(sent, _):
    sent.query.append(("text", "x" * 9000))
    return {413}


def wrong_method(sent, chance):
    path = sent.operation.path
    has = sent.spoilt_methods
    if path == "/log/tile/{path}" and chance.random() < 0.5:
        sent.path = "/log/tile/0/999"
    sent.method = chance.choice([one for one in OTHER_METHODS if one not in has])
    sent.body, sent.chunks = None, 0
    return {405}


# -- the body --

def json_body(sent):
    return bool(sent.body) and any(name == "Content-Type" and "json" in value and
                                   "x-ndjson" not in value for name, value in sent.headers)


def cut_body(sent, chance):
    if not json_body(sent):
        return False
    sent.body = sent.body[:chance.randrange(len(sent.body))].rstrip()
    return {400}


def deep_body(sent, chance):
    if not json_body(sent):
        return False
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    sent.body = opening * DEEP + b"1" + closing * chance.choice((0, DEEP))
    # The query is looked at first, and may name nobody.
    return {400, 413} if any(key == "to" for key, _ in sent.query) else {413}


def no_json(sent, chance):
    if not json_body(sent):
        return False
    sent.body = chance.choice((b"", b" ", b"null", b"[]", b"1", b'"x"', b"\xff\xfe{}", b"{}{}",
                               b"{'a': 1}", b"\x00", b"NaN", b"{\"a\":1,\"a\":2}", b"{}",
                               b"{\"type\":\"\xc3\"}", "{\"act\": \"х" .encode() + b"\"}"))
    if sent.body == b"{}" and sent.operation.path in ALL_OPTIONAL:
        return {400} | {status for status in sent.operation.documented if status < 300}
    return {400, 404} if sent.operation.path == "/v1/duty/{role}" else {400}  # no such role


def wrong_values():
    return (None, True, 0, -1, 1e300, -1e300, 10 ** 400, 123456789012345678901234567890, 1.5, "",
            "x", "\u0000", "x" * 5000, "é" * 700, "x" + "é" * 700, [], {}, [[]], [1, 2, 3],
            {"type": "Point"}, "\ud800", float("nan"), float("inf"), -0.0, 1e-320, "9" * 400)


def mutated_body(sent, chance):
    """One node of the JSON replaced, taken out, doubled or renamed."""
    if not json_body(sent):
        return False
    try:
        value = json.loads(sent.body)
    except ValueError:
        return False  # spoilt before
    if not isinstance(value, (dict, list)) or not value:
        return False
    places = []

    def walk(one):
        for key in one if isinstance(one, dict) else range(len(one)):
            places.append((one, key))
            if isinstance(one[key], (dict, list)):
                walk(one[key])
    walk(value)
    parent, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0 and isinstance(parent, dict):
        del parent[key]
    elif what == 1 and isinstance(parent, dict):
        new_key = chance.choice((key + "x", key.upper(), "x" + "é" * 600, "", "type\u0000"))
        parent[new_key] = parent.pop(key)
    elif what == 2 and isinstance(parent, list):
        parent += [parent[key]] * chance.choice((1, 3000))
    else:
        parent[key] = chance.choice(wrong_values())
    sent.body = json.dumps(value, ensure_ascii=True).encode()
    return None


def broken_bytes(sent, chance):
    """Bytes of the body changed."""
    if not sent.body:
        return False
    body = bytearray(sent.body)
    for _ in range(chance.randrange(1, 4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    sent.body = bytes(body)
    return None


def wrong_type(sent, chance):
    if 415 not in sent.operation.documented:
        return False
    sent.set_header("Content-Type", *chance.choice(((), ("text/plain",), ("multipart/form-data",),
                                                    ("application/jsonx",), ("",), ("é\udcff",))))
    return {415}


def body_where_none_belongs(sent, chance):
    if "requestBody" in sent.operation.spec:
        return False
    sent.body = b"x" * chance.choice((1, 100, 50_000))
    sent.chunks = chance.choice((0, 10_000))
    return {413}


def long_body(sent, chance):
    if not sent.body or sent.operation.path == "/v1/imports" or \
            "requestBody" not in sent.operation.spec:
        return False
    most = sent.operation.body_max
    if most > 4096 and chance.random() < 0.9:
        return False  # megabytes: seldom
    sent.body = sent.body + b" " * (most + 1 - len(sent.body))
    if sent.chunks:
        sent.chunks = 1 << 16
    return {413}


# -- odd headers --

def long_header(sent, chance):
    sent.headers.append(chance.choice((("X-Long", "x" * 17_000), ("Cookie", "a=" + "b" * 20_000))))
    return {431}


def many_headers(sent, _):
    sent.headers += [(f"X-{i}", str(i)) for i in range(300)]
    return None


def odd_header(sent, chance):
    odd = ("", "*", "\"", "x" * 4000, "é", "\udcff\udcfe", ",,,;;;", "-1", "18446744073709551616",
           "\"1-0123456789abcdef", "W/\"1\"", "0", "gzip;q=0", "text/plain", "bytes=0-1", "a\tb")
    sent.headers.append((chance.choice(
        ("If-Match", "If-None-Match", "Last-Event-ID", "Entente-Actor", "Accept", "Accept-Encoding",
         "Range", "If-Modified-Since", "X-Forwarded-For", "X-HTTP-Method-Override", "Te",
         "Upgrade-Insecure-Requests", "Access-Control-Request-Method", "Content-Encoding")),
        chance.choice(odd)))
    return None


SPOILERS = (without_credential, wrong_credential, foreign_origin, cookie_write_without_origin,
            foreign_host, surplus_parameter, repeated_parameter, broken_percent, wrong_parameter,
            empty_parameter, no_such_thing, odd_tile, long_target, wrong_method, cut_body,
            deep_body, no_json, mutated_body, mutated_body, mutated_body, broken_bytes,
            wrong_type, body_where_none_belongs, long_body, long_header, many_headers,
            odd_header, odd_header)


def spoil(sent, chance, methods_of_path):
    """One way, sometimes two: then any documented status will do."""
    sent.spoilt_methods = methods_of_path
    names = []
    wanted = 2 if chance.random() < 0.15 else 1
    while len(names) < wanted:
        way = chance.choice(SPOILERS)
        statuses = way(sent, chance)
        if statuses is False:
            continue
        names.append(way.__name__)
        sent.expected = statuses
    if wanted == 2:
        sent.expected = None
    sent.spoilt = "+".join(names)
    return sent
