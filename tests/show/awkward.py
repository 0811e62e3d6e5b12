"""Conflicts that are hard to draw, and what is wrong with a picture by matplotlib's own measure of its words."""

import itertools
from unittest.mock import patch

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from simulation.scenario.files import load_text

ARABIC = "الجيش الوطني الليبي"
LONG = (
    "Internationally Recognised Government",
    "Confederation of the Mountain Provinces",
    "Southern Transitional Council of the Coast",
)
BACKERS = (
    *("Organisation of Islamic Cooperation", "United Arab Emirates", ARABIC, "Правительство народа", "UN", "X"),
    *("European External Action Service", "Militias of the western mountains", "Saudi Arabia", "United Kingdom"),
    *("Russian Federation", "Private military companies", "African Union Peace and Security Council", "Iran"),
    *("$a$_b & <c>", "Qatar", "Turkey", "Arab League", "Contact Group of neighbouring states"),
)

HEAD = """
schema = 1
title = "{title}"
start = 2020-01-01
steps = 40
[coefficients.answers]
content = 30
reserve = 8
[issues.oil]
title = "who holds the revenues of the oil crescent and its ports"
low = "the east"
high = "the west"
now = 50
assumed = "made up"
"""

ACTOR = """
[actors.{key}]
name = "{name}"
roles = ["{role}"]
{side}
stance = {{ best = {stance}, low = {low}, high = {high} }}
salience = 80
influence = {influence}
{strength}
assumed = "made up"
"""

TIE = """
[[ties]]
from = "{source}"
to = "{target}"
leverage = {leverage}
assumed = "made up"
"""

OFFER = """
[[events]]
on = {on}
label = "{label}"
assumed = "made up"
offer = {{ id = "{id}", sponsors = ["{sponsor}"], terms = {{ oil = {term} }}, monitoring = 0.4 }}
"""

RECORD = """
[[record]]
offer = "{offer}"
party = "{party}"
answer = {answer}
label = "{label}"
"""

WANT = """
[[wants]]
party = "{party}"
issue = "oil"
want = {want}
weight = 1.0
assumed = "made up"
"""

DATES = ("2020-01-05", "2020-01-05", "2020-01-06", "2020-01-08", "2020-01-20", "2020-02-08")


def awkward(parties: int, actors: int, names: bool = True) -> str:
    """A conflict with so many parties among so many actors, all with long names, and offers on dates close together."""
    called = [*LONG[:parties], *BACKERS][:actors] if names else [f"Actor {place}" for place in range(actors)]
    keys = [f"{'Party' if place < parties else 'Backer'}{place}" for place in range(actors)]
    text = HEAD.format(title="An awkward conflict with a very long title that says what nobody will read to its end")
    for place, (key, name) in enumerate(zip(keys, called, strict=True)):
        party = place < parties
        stance = 12 + (place * 37) % 80
        side = f'side = "{keys[place % parties]}"' if place % 3 or party else ""
        text += ACTOR.format(
            key=key,
            name=name,
            role="party" if party else "backer",
            side=side,
            stance=stance,
            low=max(stance - 9, 0),
            high=min(stance + 9, 100),
            influence=30 + (place * 23) % 70,
            strength="strength = 30" if party else "",
        )
    for place, key in enumerate(keys[parties:]):
        text += TIE.format(source=key, target=keys[place % parties], leverage=0.1 + 0.11 * (place % 7))
    for place, on in enumerate(DATES):
        text += OFFER.format(
            on=on,
            label=f"Draft agreement number {place} of the International Contact Group",
            id=f"draft-agreement-number-{place}",
            sponsor=keys[-1 - place % 2],
            term=30 + 10 * place,
        )
        for party in keys[:parties]:
            label = f"accepted, with a long list of reservations {place}"
            text += RECORD.format(
                offer=f"draft-agreement-number-{place}", party=party, answer=0.1 + 0.15 * place, label=label
            )
    for place, party in enumerate(keys[:parties]):
        text += WANT.format(party=party, want=10 + 40 * place)
    return text


def faults(figure) -> list[str]:
    """Words that leave the page, and words that overprint each other."""
    drawn, plain = [], Text.draw

    def draw(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)
        plain(text, renderer)

    canvas = FigureCanvasAgg(figure)
    with patch.object(Text, "draw", draw):
        canvas.draw()
    renderer, wide, high = canvas.get_renderer(), *figure.bbox.size
    boxes = {text: text.get_window_extent(renderer) for text in dict.fromkeys(drawn)}
    found = [
        f"off the page: {text.get_text()!r}"
        for text, box in boxes.items()
        if box.x0 < 1 or box.y0 < 0 or box.x1 > wide - 1 or box.y1 > high
    ]
    for (one, first), (other, second) in itertools.combinations(boxes.items(), 2):
        across, up = (
            min(getattr(first, f"{axis}1"), getattr(second, f"{axis}1"))
            - max(getattr(first, f"{axis}0"), getattr(second, f"{axis}0"))
            for axis in "xy"
        )
        if across > 1 and up > 3:  # descenders may touch the line below
            found.append(f"overprinted: {one.get_text()!r} and {other.get_text()!r}")
    return found


def conflict(parties: int, actors: int):
    """The same, read."""
    return load_text(awkward(parties, actors), "awkward")
