"""A simulation as the viewer sees one: a publisher of the stream snnsim/1 and its control socket, written from the format's
description and nothing else."""
import json
import threading
import time
import uuid

import numpy
import zmq


class Publisher(threading.Thread):
    """Publishes `rate` spikes a second of two populations at the pace of the wall clock, until it is asked to stop or `seconds` are over."""

    SIZES = {"E": 8000, "I": 2000}

    def __init__(self, port, rate=100_000, seconds=60.0):
        super().__init__(daemon=True)
        self.rate, self.seconds = rate, seconds
        context = zmq.Context.instance()
        self.socket = context.socket(zmq.XPUB)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.control = context.socket(zmq.ROUTER)
        for socket, number in ((self.socket, port), (self.control, port + 1)):
            socket.setsockopt(zmq.LINGER, 1000)
            socket.bind(f"tcp://127.0.0.1:{number}")
        self.run_id = str(uuid.uuid4())
        self.sequence = {}
        self.sent = {name: 0 for name in self.SIZES}
        self.requests = []
        self.time = 0.0
        self.paused = self.stopped = False
        self.random = numpy.random.default_rng(1)

    def send(self, topic, arrays=(), **members):
        sequence = self.sequence.get(topic, 0)
        self.sequence[topic] = sequence + 1
        header = {
            "v": 1, "kind": topic.split("/")[0], "run": self.run_id, "seq": sequence, "n": 0, "t0": self.time, "t1": self.time,
            "watermark": self.time, "wall_ns": time.time_ns(), "dropped": 0, "dtype": [], **members,
        }  # fmt: skip
        self.socket.send_multipart([topic.encode(), json.dumps(header).encode(), *(array.tobytes() for array in arrays)])

    def describe(self):
        populations = [
            {"name": name, "size": size, "model": "iaf_psc_delta", "offset": 0, "topic": f"spikes/{name}/", "is_input": False}
            for name, size in self.SIZES.items()
        ]
        self.send("meta/", name="synthetic", seed=1, version="0", duration_ms=1000 * self.seconds, populations=populations)

    def step(self, to):
        total = sum(self.SIZES.values())
        for name, size in self.SIZES.items():
            n = self.random.poisson(self.rate * (to - self.time) / 1000 * size / total)
            times = numpy.sort(self.random.uniform(self.time, to, n))
            ids = self.random.integers(0, size, n).astype("<u4")
            self.send(
                f"spikes/{name}/", (times, ids), n=n, t1=to, watermark=to, dtype=["<f8", "<u4"], first=self.sent[name])
            self.sent[name] += n
        self.time = to
        self.send("clock/", state="running")

    def weights(self):
        n = 5000
        pre, post = (self.random.integers(0, 8000, n).astype("<u4") for _ in range(2))
        values = self.random.normal(1 + self.time / 20_000, 0.2, n).astype("<f4")
        self.send("weights/E-E/", (pre, post, values), n=n, dtype=["<u4", "<u4", "<f4"])

    def answer(self):
        while self.control.poll(0):
            *route, body = self.control.recv_multipart()
            request = json.loads(body)
            self.requests.append(request["cmd"])
            self.paused = {"pause": True, "resume": False}.get(request["cmd"], self.paused)
            self.stopped = self.stopped or request["cmd"] == "stop"
            self.control.send_multipart([*route, json.dumps({"ok": True, "id": request.get("id")}).encode()])
            self.send("clock/", state="paused" if self.paused else "running")

    def run(self):
        # Whatever is sent before the last of the subscriptions has come may be lost.
        wanted = {"spikes/", "rate/", "weights/", "clock/", "meta/", "end/"}
        while wanted and self.socket.poll(10_000):
            wanted.discard(self.socket.recv()[1:].decode())
        last = described = weighed = time.monotonic() - 1
        while not self.stopped and self.time < 1000 * self.seconds:
            time.sleep(0.01)
            now = time.monotonic()
            self.answer()
            if now - described >= 1:
                self.describe()
                described = now
            if not self.paused:
                self.step(min(self.time + 1000 * min(now - last, 0.1), 1000 * self.seconds))
                if now - weighed >= 0.5:
                    self.weights()
                    weighed = now
            last = now
        topics = [
            {"topic": f"spikes/{name}/", "seq": self.sequence[f"spikes/{name}/"], "sent": n, "dropped": 0}
            for name, n in self.sent.items()
        ]
        for _ in range(3):
            self.send("end/", status="interrupted" if self.stopped else "done", topics=topics)
            time.sleep(0.1)
        self.socket.close()
        self.control.close()
