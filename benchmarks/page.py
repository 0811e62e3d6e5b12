"""How soon the page in the browser shows what a moved slider does: words, and pictures, after letting go.

python -m benchmarks.page                     four scenarios, ten moves each; needs Chromium and chromedriver
python -m benchmarks.page --moves 3 NAME      three moves, in one scenario

Medians in milliseconds, from letting go of a slider to the words, to the first picture and to all pictures, as the
browser measures them. Every move is to a place where the slider has not been, so that nothing is remembered.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from benchmarks.blocks import table

SCENARIOS = {
    "libya-2020-01": "actors.LNA.stance",
    "libya-2019-2020": "actors.LNA.stance",
    "yemen-2018-2022": "actors.Houthis.stance",
    "wars/iran-iraq-1980-1988": "coefficients.answers.pull",
}
"""A scenario of 22 actors with terms, a longer one, one of three parties, and the longest war; and what is moved."""

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,900"]

MOVE = """
const [key, share, done] = arguments;
const range = document.querySelector(`.row[data-key="${key}"] input[type=range]`);
const [low, high] = [Number(range.min), Number(range.max)];
performance.clearMarks();
range.value = low + share * (high - low);
for (const kind of ["input", "change"]) range.dispatchEvent(new Event(kind, {bubbles: true}));
const marks = (name) => performance.getEntriesByName(name).at(-1)?.startTime;
const look = () => {
  if (!marks("pictures")) return setTimeout(look, 5);
  done(["words", "first", "pictures"].map((name) => marks(name) - marks("moved")));
};
look();
"""


THERE = """
return !document.body.classList.contains("busy")
  && [...document.querySelectorAll("img[data-kind]")].every((image) => image.src.startsWith("blob:"))
"""
"""Whether the first runs and pictures are there."""


def measured(browser: Chrome, address: str, name: str, key: str, moves: int) -> list[float]:
    """The median milliseconds to the words, the first picture and all pictures."""
    browser.get(f"{address}?scenario={name}")
    WebDriverWait(browser, 120).until(lambda page: page.execute_script(THERE))
    found = [browser.execute_async_script(MOVE, key, (place + 0.37) / (moves + 1)) for place in range(moves + 1)]
    return [statistics.median(times) for times in zip(*found[1:], strict=True)]


def main() -> None:
    """Move sliders of some scenarios, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="NAME", help=f"of {', '.join(SCENARIOS)}")
    parser.add_argument("--moves", type=int, default=10)
    given = parser.parse_args()
    options = Options()
    options.binary_location = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    for flag in FLAGS:
        options.add_argument(flag)
    command = [sys.executable, "-m", "simulation", "app", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        browser = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        browser.set_script_timeout(120)
        try:
            address = re.search(r"http://\S+", server.stdout.readline()).group()
            browser.get(address)
            rows = [
                (
                    name,
                    *(
                        f"{value:.0f}"
                        for value in measured(browser, address.split("?")[0], name, SCENARIOS[name], given.moves)
                    ),
                )
                for name in given.scenarios or SCENARIOS
            ]
        finally:
            browser.quit()
            server.terminate()
    print(table(("scenario", "words", "first picture", "all pictures"), rows))


if __name__ == "__main__":
    main()
