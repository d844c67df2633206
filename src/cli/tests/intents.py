# SPDX-License-Identifier: Apache-2.0
"""InterUSS flight intents: the few forms of YAML that their files use, and their deltas."""


def scalar(text):
    if text.startswith("{"):
        parts = (part.split(":") for part in text.strip("{}").split(","))
        return {key.strip(): scalar(value.strip()) for key, value in parts}
    return text


def lines_of(path):
    """[(indent, text)] without comments; `- key: value` is a line for the dash and one behind."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].rstrip() if "$ref" not in line else ""
        if not text.strip():
            continue
        indent = len(text) - len(text.lstrip())
        text = text.strip()
        if text.startswith("- "):
            out.append((indent, "-"))
            indent, text = indent + 2, text[2:].strip()
        out.append((indent, text))
    return out


def block(lines, indent):
    """The value whose lines are so far indented; takes them from the front."""
    if lines[0][1].startswith("{"):
        return scalar(lines.pop(0)[1])
    if lines[0][1] == "-":
        out = []
        while lines and lines[0] == (indent, "-"):
            lines.pop(0)
            out.append(block(lines, lines[0][0]))
        return out
    out = {}
    while lines and lines[0][0] == indent and lines[0][1] != "-":
        key, _, text = lines.pop(0)[1].partition(":")
        if text.strip():
            out[key] = scalar(text.strip())
        else:
            out[key] = block(lines, lines[0][0]) if lines and lines[0][0] > indent else {}
    return out


def changed(value, change):
    """As InterUSS applies a delta: parts are merged, `+key` replaces, lists go by position."""
    if isinstance(change, dict):
        out = dict(value) if isinstance(value, dict) else {}
        for key, part in change.items():
            out[key.lstrip("+")] = part if key.startswith("+") else changed(out.get(key), part)
        return out
    if isinstance(change, list):
        old = value if isinstance(value, list) else []
        return [changed(old[i] if i < len(old) else None, part) for i, part in enumerate(change)]
    return change


def read_intents(path):
    """{name: its one area}"""
    lines = lines_of(path)
    intents = {}
    for name, one in block(lines, 0)["intents"].items():
        intents[name] = (one["full"] if "full" in one else
                         changed(intents[one["delta"]["source"]], one["delta"]["mutation"]))
    assert not lines
    areas = {name: one["basic_information"]["area"] for name, one in intents.items()}
    assert all(len(area) == 1 for area in areas.values())
    return {name: area[0] for name, area in areas.items()}
