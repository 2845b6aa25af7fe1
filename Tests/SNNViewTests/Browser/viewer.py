"""Watches a synthetic simulation of 100,000 spikes a second with `snnsim view` in headless Chromium, and says what was seen.

    python viewer.py SNNSIM          prints one JSON object
"""
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time

from chromium import Chromium
from publisher import Publisher

PIXELS = """(() => {
  const canvas = document.getElementById("raster");
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return pixels.reduce((n, pixel) => n + (pixel >>> 24 > 60), 0);
})()"""


def free_port():
    """A port whose next neighbour is free as well: control is there."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            try:
                two.bind(("127.0.0.1", one.getsockname()[1] + 1))
            except OSError:
                continue
            return one.getsockname()[1]


def stats(tab):
    return tab.evaluate("({ ...snnsim.stats, drawn: snnsim.stats.drawn })")


def count(publisher):
    return sum(publisher.sent.values())


def handshake(port, origin, host=None):
    """The status of a request for a WebSocket, and its connection."""
    connection = socket.create_connection(("127.0.0.1", port), 5)
    lines = [
        "GET /stream HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *([f"Origin: {origin}"] if origin else []),
    ]  # fmt: skip
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return int(connection.recv(4096).split()[1]), connection


def watch(tab, publisher_port, seen):
    seen["state_before"] = tab.wait("snnsim.stats.state !== 'connecting' && snnsim.stats.state")
    publisher = Publisher(publisher_port)
    publisher.start()
    tab.wait("snnsim.stats.state === 'running' && snnsim.stats.spikes > 0")
    first = stats(tab)
    began = time.monotonic()
    time.sleep(3)
    second = stats(tab)
    seconds = time.monotonic() - began
    frames = second["frames"] - first["frames"]
    seen.update(
        pixels=tab.evaluate(PIXELS), weights=second["weights"], spikes_per_second=(second["spikes"] - first["spikes"]) / seconds,
        frames_per_second=frames / seconds, dropped_frames=second["droppedFrames"] - first["droppedFrames"],
        drawing_ms=(second["drawMs"] - first["drawMs"]) / max(1, frames), factor=second["factor"])  # fmt: skip
    return publisher


def pause(tab, publisher, seen):
    tab.key(" ", "Space", " ")
    tab.wait("snnsim.stats.state === 'paused'")
    time.sleep(0.3)
    held = stats(tab)["spikes"]
    time.sleep(0.5)
    seen["spikes_while_paused"] = stats(tab)["spikes"] - held
    tab.key(" ", "Space", " ")
    tab.wait("snnsim.stats.state === 'running'")
    tab.wait(f"snnsim.stats.spikes > {held}")
    seen["requests"] = list(publisher.requests)


def browse(tab, seen):
    """Scrolls back and zooms by keys while spikes come."""
    tab.key("ArrowLeft")
    tab.key("ArrowUp")
    time.sleep(0.2)
    seen["held"] = tab.evaluate("[snnsim.timeline.isFollowing, snnsim.timeline.span]")
    seen["pixels_held"] = tab.evaluate(PIXELS)
    tab.key("End")
    tab.key("ArrowDown")
    seen["following"] = tab.evaluate("snnsim.timeline.isFollowing")


def slow(tab, publisher, seen):
    """A page that computes for a while misses batches and is told so."""
    tab.evaluate("{ const end = performance.now() + 4000; while (performance.now() < end); }")
    tab.wait("snnsim.stats.skippedBatches > 0")
    seen["skipped"] = stats(tab)["skippedSpikes"]


def end(tab, publisher, seen):
    tab.evaluate("document.getElementById('stop').focus()")
    tab.key("Enter", text="\r")
    seen["stop_asks_once"] = publisher.stopped is False
    tab.key("Enter", text="\r")
    publisher.join(5)
    tab.wait("snnsim.stats.state === 'ended'")
    now = stats(tab)
    seen.update(sent=count(publisher), counted=now["spikes"] + now["skippedSpikes"], lost=now["lost"], stopped=publisher.stopped)
    seen["state_text"] = tab.evaluate("document.getElementById('state').textContent")


def strangers(browser, address, port, seen):
    """Pages from elsewhere, and garbage."""
    elsewhere = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    elsewhere.RequestHandlerClass.log_message = lambda *_: None
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    stranger = browser.open(f"http://127.0.0.1:{elsewhere.server_port}/")
    seen["stranger"] = stranger.evaluate(
        f"new Promise(r => {{ const s = new WebSocket('ws://127.0.0.1:{port}/stream');"
        " s.onopen = () => r('open'); s.onerror = () => r('refused'); })")
    stranger.close()
    elsewhere.shutdown()
    own = address.rstrip("/")
    seen["handshakes"] = [
        handshake(port, origin, host)[0]
        for origin, host in ((own, None), (None, None), ("http://evil.example", None), ("http://evil.example", "evil.example"))
    ]
    for garbage in (b"\xff" * 400, b"\x81\x05hello", b"\x81\xfe\xff\xff" + os.urandom(400), b"\x09\x80", os.urandom(4096)):
        connection = handshake(port, own)[1]
        connection.sendall(garbage)
        connection.close()


def main(snnsim):
    seen = {}
    port = free_port()
    viewer = subprocess.Popen(
        [snnsim, "view", f"tcp://127.0.0.1:{port}", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        address = viewer.stdout.readline().strip()
        with Chromium() as browser:
            tab = browser.open(address)
            publisher = watch(tab, port, seen)
            other = browser.open(address)
            other.wait("snnsim.stats.state === 'running'")
            strangers(browser, address, int(address.rstrip("/").rsplit(":", 1)[1]), seen)
            tab.call("Page.bringToFront")
            pause(tab, publisher, seen)
            browse(tab, seen)
            slow(tab, publisher, seen)
            end(tab, publisher, seen)
            seen["other"] = stats(other)["state"]
            # The next simulation at the same endpoint.
            again = Publisher(port, rate=20_000, seconds=1.5)
            again.start()
            tab.wait("snnsim.stats.runs === 2 && snnsim.stats.state === 'ended'")
            seen.update(again_sent=count(again), again_counted=stats(tab)["spikes"], again_other=stats(other)["spikes"])
            ours = (tab.session, other.session)
            seen["problems"] = [
                str(entry) for session, entry in browser.console
                if session in ours and entry.get("entry", {}).get("level") != "warning"
            ]  # fmt: skip
    finally:
        viewer.send_signal(2)
        seen["exit"] = viewer.wait(10)
    return seen


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
