# SPDX-License-Identifier: Apache-2.0
"""Codes of sheets as doc/protocol/exchange.md has them; shares no code with the program."""
ALPHABET = "34679ACDEFGHJKMNPRTVWXY"


def with_check(symbols):
    """The code of these seven symbols, each below 23."""
    check = -sum((8 - i) * one for i, one in enumerate(symbols)) % 23
    return "".join(ALPHABET[one] for one in (*symbols, check))


def any_code(chance):
    """Of no sheet, most likely."""
    code = with_check([chance.randrange(23) for _ in range(7)])
    return chance.choice((code, code.lower(), f"{code[:4]}-{code[4:]}"))


def other_code(code, by):
    """Another code whose check is right."""
    symbols = [ALPHABET.index(c) for c in code.replace("-", "")][:7]
    symbols[6] = (symbols[6] + by) % 23
    return with_check(symbols)
