"""Watches a real simulation, `snnsim run --stream` behind CURVE keys, with `snnsim view --keys` in headless Chromium.

    python simulation.py SNNSIM NETWORK FOLDER          prints one JSON object
"""
import json
import pathlib
import subprocess
import sys
import time

from chromium import Chromium
from viewer import PIXELS, free_port, stats


def main(snnsim, network, folder):
    seen = {}
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    endpoint = f"tcp://127.0.0.1:{port}"
    keys = folder / "keys"
    subprocess.run([snnsim, "keys", keys], check=True, capture_output=True)
    watch = [snnsim, "view", endpoint, "--port", "0"]
    views = [subprocess.Popen([*watch, *more], stdout=subprocess.PIPE, text=True) for more in (["--keys", keys], [])]
    simulation = None
    try:
        with Chromium() as browser:
            tab, stranger = (browser.open(view.stdout.readline().strip()) for view in views)
            tab.wait("snnsim.stats.state === 'waiting'")
            # One subscription for each of the topics that the viewer wants.
            simulation = subprocess.Popen(
                [snnsim, "run", network, "--duration", "1500", "--output", folder / "out", "--json", "--progress", "none",
                 "--stream", endpoint, "--stream-keys", keys, "--stream-wait", "6", "--stream-linger", "1", "--realtime", "0.5"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
            tab.call("Page.bringToFront")
            tab.wait("snnsim.stats.state === 'running' && snnsim.stats.spikes > 0", seconds=60)
            tab.key(" ", "Space", " ")
            tab.wait("snnsim.stats.state === 'paused'")
            time.sleep(0.3)
            held = stats(tab)["spikes"]
            time.sleep(0.5)
            seen["spikes_while_paused"] = stats(tab)["spikes"] - held
            tab.key(" ", "Space", " ")
            tab.wait(f"snnsim.stats.state === 'running' && snnsim.stats.spikes > {held}")
            tab.wait("snnsim.stats.state === 'ended'", seconds=120)
            now = stats(tab)
            report = json.loads(simulation.communicate(timeout=60)[0])
            seen.update(
                pixels=tab.evaluate(PIXELS), counted=now["spikes"] + now["skippedSpikes"], lost=now["lost"],
                spikes=report["spikes"], digest=report["digests"]["spikes"], state=tab.evaluate("document.getElementById('state').textContent"),
                stranger=stats(stranger)["spikes"], stranger_state=stats(stranger)["state"])  # fmt: skip
            # Narrow, and what the keyboard reaches shows that it has the focus.
            tab.look(360, 640, 1, "dark")
            seen["sideways"] = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            seen["unmarked"] = tab.evaluate("""[...document.querySelectorAll("button, select, input, a")].filter((element) => {
              if (element.disabled || !element.offsetParent) return false;
              element.focus({ focusVisible: true });
              return document.activeElement === element && getComputedStyle(element).outlineStyle === "none";
            }).map((element) => element.id)""")
    finally:
        for view in views:
            view.send_signal(2)
            view.wait(10)
        if simulation and simulation.poll() is None:
            simulation.kill()
    return seen


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
