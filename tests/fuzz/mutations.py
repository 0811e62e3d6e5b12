"""Ways to damage a text or a file, drawn from one generator, so that a number makes the same damage again."""

from __future__ import annotations

import io
import random
import re
import zipfile

NUMBERS = [
    *"-1 0 -0.0 1 2 100 101 0.5 0,5 50% 1e-320 1e308 1e400 -1e308 nan inf -inf 5e-324 0x10 1_000 .5 5. 007 ".split(),
    *"3.0000000001 99999999999 9223372036854775808 -9223372036854775809 1e-9 100000 366 367".split(),
    *("9" * 400, "9" * 4300, "9" * 5000, "0." + "1" * 3000),
]
DATES = [
    *"0001-01-01 9999-12-31 1677-12-31 2262-01-01 2020-02-30 2020-13-01 2020-01-09T00:00:00+02:00 20200109 ".split(),
    *"2020-01-09T00:00:00 2020-01-09T12:00:00 2020-W01-1 09.01.2020 1/9/2020 2020-1-9 00:00:00".split(),
]
UNSEEN = [
    "",
    " ",
    "\t",
    "\0",
    "\x1b[31m",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\ufffe",
    "\u2028",
    "\r",
    "\n",
]
LONG = ["Ω" * 3000, "a" * 5000, "a." * 3000 + "a", "[" * 3000, "]" * 3000, "{a=" * 500, "(" * 3000, "'" * 3, '"' * 3]
TEXTS = [
    *UNSEEN,
    *LONG,
    *"x ² é \\u0000 \\u001b[2J \\u202e \\U0001F600 ../.. /dev/zero /dev/stdin / =cmd() #N/A % $\\frac {0} %s".split(),
    *"{x.__class__} <b> &amp; ]]> NaN None true null self __init__ [[ ]] [a] [[a]] {} [] = , ; # . : - _ '".split(),
]
WORDS = re.compile(r"[A-Za-z_][\w-]*|[+-]?\d[\w.:+-]*|\s+|.", re.DOTALL)


def damaged(content: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """One to four damages, as text where it is text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if text is None or rng.random() < 0.06:
            content = _bytes(content if text is None else text.encode(errors="surrogatepass"), rng, others)
            try:
                text = content.decode()
            except UnicodeDecodeError:
                text = None
        else:
            text = _text(text, rng, others)
    return content if text is None else text.encode(errors="surrogatepass")


def _bytes(content: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    found = bytearray(content or b"?")
    at = rng.randrange(len(found))
    match rng.randrange(7):
        case 0:
            found[at] ^= 1 << rng.randrange(8)
        case 1:
            found[at] = rng.randrange(256)
        case 2:
            del found[at : at + rng.choice((1, 2, 8, 64, 1024))]
        case 3:
            found[at:at] = rng.randbytes(rng.choice((1, 4, 8, 64)))
        case 4:
            del found[at:]
        case 5:
            size = rng.choice((1, 2, 4, 8))
            found[at : at + size] = rng.choice((b"\xff", b"\0", b"\x7f", b"\x80")) * size
        case _:
            other = rng.choice(others)
            found[at:] = other[min(at, len(other)) :]
    return bytes(found)


def _text(text: str, rng: random.Random, others: list[bytes]) -> str:
    if rng.random() < 0.3:
        return _lines(text, rng, others)
    found = WORDS.findall(text) or [""]
    solid = [place for place, word in enumerate(found) if not word.isspace()] or [0]
    at = rng.choice(solid)
    match rng.randrange(9):
        case 0 | 1:
            numbers = [place for place in solid if found[place][:1].isdigit()] or solid
            found[rng.choice(numbers)] = rng.choice(rng.choice((NUMBERS, NUMBERS, DATES)))
        case 2:
            found[at] = rng.choice(TEXTS)
        case 3:
            found.insert(at, rng.choice(TEXTS))
        case 4:
            found[at] = found[rng.choice(solid)]
        case 5:
            del found[at]
        case 6:
            other = rng.choice(solid)
            found[at], found[other] = found[other], found[at]
        case 7:
            found[at] = _misspelt(found[at], rng)
        case _:
            found[at] = (
                rng.choice(("[{}]", "{{x={}}}", "'{}'", '"{}"', "{{best={}}}", "-{}", "{}{}"))
                .replace("{}", found[at])
                .replace("{{", "{")
                .replace("}}", "}")
            )
    return "".join(found)


def _misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word)) if word else 0
    return rng.choice((word[:at] + word[at + 1 :], word.swapcase(), word[:at] + "x" + word[at:], word * 2, word[::-1]))


def _lines(text: str, rng: random.Random, others: list[bytes]) -> str:
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[other])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        case 4:
            lines[at] *= rng.choice((2, 50))
        case 5:
            foreign = rng.choice(others).decode(errors="replace").split("\n")
            start = rng.randrange(len(foreign))
            lines[at:at] = foreign[start : start + rng.choice((1, 1, 5, 20))]
        case _:
            lines[at:at] = [rng.choice(TEXTS) + lines[other] + rng.choice(TEXTS)] * rng.choice((1, 1, 200))
    return "\n".join(lines)


def damaged_archive(content: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """An archive of which a part is damaged, or, now and then, its own bytes."""
    if rng.random() < 0.3:
        return _bytes(content, rng, others)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [name for name in parts if "sheet" in name or "sharedStrings" in name]
    name = rng.choice(sheets if sheets and rng.random() < 0.8 else sorted(parts))
    if rng.random() < 0.05:
        del parts[name]
    else:
        parts[name] = damaged(parts[name], rng, [parts[name]])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return made.getvalue()
