"""Reads the stream of a running snnsim simulation (format snnsim/1) with pyzmq and NumPy alone.

`pip install "tools/snnsim-live[plot]"`, then `snnsim-live` draws a raster of the last --window ms, and with --write FILE writes times
and ids of each population at the end. --keys names a directory with server.key and client.key_secret.
"""
import argparse
import collections
import json
import sys
import numpy as np
import zmq
import zmq.auth


def messages(endpoint, topics=("",), keys=None, timeout=None):
    """Yields (topic, header, arrays) until end/ has come; None whenever `timeout` ms pass without a message."""
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.rcvhwm = 0
    if keys:
        socket.curve_serverkey, _ = zmq.auth.load_certificate(f"{keys}/server.key")
        socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(f"{keys}/client.key_secret")
    for topic in (*topics, "end/"):
        socket.subscribe(topic)
    socket.connect(endpoint)
    try:
        while True:
            if not socket.poll(timeout):
                yield None
                continue
            topic, header, *arrays = socket.recv_multipart()
            header = json.loads(header)
            yield topic.decode(), header, [np.frombuffer(a, d) for a, d in zip(arrays, header["dtype"])]
            if header["kind"] == "end":
                break
    finally:
        socket.close()


class Spikes:
    """Collects spikes per population, and what was lost since the first message of each."""
    def __init__(self):
        self.parts, self.lost, self.next = collections.defaultdict(list), collections.Counter(), {}

    def take(self, topic, header, arrays):
        if header["kind"] == "end":
            for row in header["topics"]:
                self.lost[row["topic"]] += row["sent"] - self.next.get(row["topic"], row["sent"]) + row["dropped"]
        elif header["kind"] == "spikes":
            self.lost[topic] += header["first"] - self.next.get(topic, header["first"])
            self.next[topic] = header["first"] + header["n"]
            self.parts[topic[7:-1]].append(arrays)

    def arrays(self, since=0):
        """Times and ids by population."""
        for name, parts in self.parts.items():
            parts = [p for p in reversed(parts) if len(p[0]) and p[0][-1] >= since][::-1] or parts[-1:]
            yield name, np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def raster(window):
    """A function that draws the last `window` ms."""
    import matplotlib.pyplot as plt
    axes = plt.subplots(figsize=(10, 6))[1]

    def draw(meta, spikes, now):
        axes.clear()
        for name, times, ids in spikes.arrays(now - window):
            offset = next(p["offset"] for p in meta["populations"] if p["name"] == name)
            axes.plot(times, ids + offset, ",", label=name)
        axes.set(xlim=(now - window, now), xlabel="time (ms)", ylabel="neuron")
        return plt.pause(0.001) or now

    return draw


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("endpoint", nargs="?", default="tcp://127.0.0.1:5570")
    for name, kind, default in (("--keys", str, None), ("--write", str, None), ("--window", float, 500)):
        parser.add_argument(name, type=kind, default=default)
    parser.add_argument("--no-plot", action="store_true")
    options = parser.parse_args()
    draw = None if options.no_plot else raster(options.window)
    spikes, meta, now, drawn = Spikes(), None, 0, 0
    for message in messages(options.endpoint, ("spikes/", "meta/"), options.keys, 50):
        if message:
            spikes.take(*message)
            now, meta = max(now, message[1]["watermark"]), message[1] if message[0] == "meta/" else meta
        if draw and meta and now - drawn > options.window / 50:
            drawn = draw(meta, spikes, now)
    if options.write:
        np.savez(options.write, **{f"{n}/{k}": v for n, t, i in spikes.arrays() for k, v in (("times", t), ("ids", i))})
    for name, times, _ in spikes.arrays():
        print(name, len(times), "spikes,", spikes.lost[f"spikes/{name}/"], "lost")
    sys.exit(any(spikes.lost.values()))


if __name__ == "__main__":
    main()
