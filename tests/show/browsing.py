"""The page served as the command serves it, a browser to visit it with, and what a visitor can do and read."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import simulation as sim

pytest.importorskip("uvicorn", reason="the page needs uvicorn, of the extra 'dashboard'")
pytest.importorskip("selenium", reason="a browser is driven by selenium, of the extra 'dev'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("no Chromium with its chromedriver on this machine", allow_module_level=True)

from selenium.webdriver import Chrome  # noqa: E402
from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402

PATIENCE = 90  # seconds; a busy machine is slow, not wrong

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

AXE = importlib.util.find_spec("axe_playwright_python")


@contextmanager
def served(folder):
    """Where the page is, as the command says."""
    command = [sys.executable, "-m", "simulation", "app", "libya-2020-01", "--no-browser"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=folder, env=environment, **pipes) as server:
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", server.stdout.readline()).group()
        finally:
            server.terminate()
            try:
                server.wait(60)  # though the browser was there until a moment ago
            finally:
                server.kill()
            said = server.stdout.read()
            assert "Traceback" not in said, said


@contextmanager
def chromium(folder, size):
    """A browser with a window of that size; its profile and what it downloads are in a folder."""
    options = Options()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--window-size={size}", f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(folder / "downloads")})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = Chrome(options=options, service=Service(DRIVER))
    driver.downloads = folder / "downloads"
    try:
        yield driver
    finally:
        driver.quit()


class Visitor:
    """What a visitor of any page can do, and read."""

    def __init__(self, browser, address):
        self.browser, self.base = browser, address.split("/?")[0]

    def one(self, css):
        return self.browser.find_element("css selector", css)

    def all(self, css):
        return self.browser.find_elements("css selector", css)

    def text(self, css):
        """Also of what is folded, or only said to screen readers."""
        return self.one(css).get_attribute("textContent")

    def press(self, css):
        button = self.one(css)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def unfold(self):
        self.browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")

    def serious_faults(self):
        """What axe-core finds on the page as it stands that shuts somebody out."""
        if AXE is None:
            pytest.skip("axe-core comes with axe-playwright-python, of the extra 'dev'")
        script = Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")
        self.browser.execute_script(script)
        found = self.browser.execute_async_script(
            "axe.run(document, {resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
        )
        return [
            f"{fault['impact']}: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
