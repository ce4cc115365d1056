"""A person's first look: the graph in a real browser, everything made by one click. Needs Chromium and selenium."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from almanac_assets import settings

pytestmark = pytest.mark.slow
selenium = pytest.importorskip(
    "selenium", reason="selenium is not installed: the browser test is for machines with a browser"
)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync --window-size=1800,1100"
RUNS = "{runsOrError(limit:1){... on Runs{results{runId status}}}}"


@pytest.fixture
def address(tmp_path: Path, sample_root: Path) -> Iterator[str]:
    """The UI on a free port, with a home of its own, over the sample's payloads alone."""
    shutil.copytree(sample_root / "raw", tmp_path / "out" / "raw")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DAGSTER_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "almanac_assets", "ui", "--port", str(port), "--out", str(tmp_path / "out")]
    server = subprocess.Popen(command, env=environment, cwd=settings.CHECKOUT, start_new_session=True)
    try:
        wait_for(lambda: asked(f"http://127.0.0.1:{port}", "{version}") is not None, seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=30)


def asked(address: str, query: str) -> Any:
    request = urllib.request.Request(
        f"{address}/graphql", json.dumps({"query": query}).encode(), {"content-type": "application/json"}
    )
    try:
        return json.load(urllib.request.urlopen(request, timeout=20))["data"]
    except (OSError, urllib.error.URLError):
        return None


def wait_for(happened: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.5)


@pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no Chromium with driver on this machine")
def test_materialize_all_by_a_click(address: str, tmp_path: Path) -> None:
    """The button of the graph runs everything to success."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in [
        *QUIET.split(),
        f"--user-data-dir={tmp_path}",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ]:
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        browser.get(f"{address}/asset-groups")
        button = "//button[starts-with(normalize-space(.),'Materialize all')]"
        wait_for(lambda: browser.find_elements(By.XPATH, button), seconds=60)
        browser.find_elements(By.XPATH, button)[0].click()

        def ended() -> bool:
            runs = asked(address, RUNS)["runsOrError"]["results"]
            return bool(runs) and runs[0]["status"] in ("SUCCESS", "FAILURE")

        wait_for(ended, seconds=240)
        assert asked(address, RUNS)["runsOrError"]["results"][0]["status"] == "SUCCESS"
    finally:
        browser.quit()
