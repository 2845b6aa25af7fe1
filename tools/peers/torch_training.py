"""Trains one network in PyTorch (and snnTorch) on the CPU, as somebody who knows them would write it.

    python tools/peers/torch_training.py surrogate_gradient|forward_forward|equilibrium_propagation FOLDER \
        [--epochs 1] [--batch 128] [--limit 60000] [--threads 2] [--seed 1]

FOLDER holds the four IDX files of MNIST, compressed or not. The networks are those of networks/Neftci2019_surrogate_gradient.json,
Hinton2022_forward_forward.json and Laborieux2021_equilibrium_propagation.json. Data stay in memory as one tensor; the first ten
batches are not timed. The last line of the answer is a JSON object: version, samples_per_second (training only), epoch_s,
test_accuracy, peak_rss_mb.
"""

import argparse
import gzip
import json
import pathlib
import resource
import time

import numpy as np
import torch
import torch.nn.functional as F


def idx(folder, name):
    path = pathlib.Path(folder) / name
    raw = path.read_bytes() if path.exists() else gzip.decompress(pathlib.Path(f"{path}.gz").read_bytes())
    dimensions = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(dimensions)


def load(folder, split, limit):
    images = idx(folder, f"{split}-images-idx3-ubyte")[:limit].reshape(-1, 784).astype(np.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(idx(folder, f"{split}-labels-idx1-ubyte")[:limit].astype(np.int64))


class SurrogateGradient:
    """784-256-10, ten steps of a constant current, fast sigmoid, Adam."""

    def __init__(self):
        import snntorch
        from snntorch import surrogate

        self.library = f"snnTorch {snntorch.__version__}, "
        spike = surrogate.fast_sigmoid(slope=25)
        self.input, self.output = torch.nn.Linear(784, 256), torch.nn.Linear(256, 10)
        self.neurons = snntorch.Leaky(beta=0.9, spike_grad=spike, reset_mechanism="subtract")
        self.optimiser = torch.optim.Adam([*self.input.parameters(), *self.output.parameters()], lr=1e-3)

    def outputs(self, x):
        potential = self.neurons.init_leaky()
        current = self.input(x)  # the same in every step
        total = 0
        for _ in range(10):
            spikes, potential = self.neurons(current, potential)
            total = total + self.output(spikes)
        return total / 10

    def learn(self, x, y):
        self.optimiser.zero_grad()
        F.cross_entropy(self.outputs(x), y).backward()
        self.optimiser.step()

    @torch.no_grad()
    def answer(self, x):
        return self.outputs(x).argmax(1)


class ForwardForward:
    """784-500-500, gradients by hand: a layer's is an outer product, and autograd would only add to the time."""

    def __init__(self):
        self.weights = [torch.randn(500, n) / 500**0.5 for n in (784, 500)]
        self.biases = [torch.zeros(500) for _ in self.weights]
        self.means = [torch.full((500,), 0.5) for _ in self.weights]
        self.head, self.head_bias = torch.zeros(10, 500), torch.zeros(10)
        learnt = [*self.weights, *self.biases]
        self.optimiser = torch.optim.SGD(learnt, lr=1e-3, momentum=0.9, weight_decay=3e-4)
        self.head_optimiser = torch.optim.SGD([self.head, self.head_bias], lr=1e-2, momentum=0.9, weight_decay=3e-3)

    @staticmethod
    def normal(z):
        return z / (z.square().mean(1, keepdim=True).sqrt() + 1e-8)

    @torch.no_grad()
    def learn(self, x, y):
        count = len(x)
        z = x.repeat(3, 1)
        z[:, :10] = 0
        z[torch.arange(count), y] = 1
        wrong = (y + torch.randint(1, 10, (count,))) % 10
        z[torch.arange(count, 2 * count), wrong] = 1
        z[2 * count :, :10] = 0.1
        z = self.normal(z)
        target = torch.cat([torch.ones(count), torch.zeros(count)])
        for layer, (w, b) in enumerate(zip(self.weights, self.biases)):
            h = torch.relu(torch.addmm(b, z, w.T))
            contrast = h[: 2 * count]
            p = torch.sigmoid(contrast.square().sum(1) - 500)
            error = 2 * (p - target)[:, None] * contrast
            self.means[layer] = mean = 0.9 * self.means[layer] + 0.1 * h[:count].mean(0)
            error[:count] += 0.03 * 0.1 * 2 * 2 / 500 * (mean - mean.mean())
            w.grad = error.T @ z[: 2 * count] / (2 * count)
            b.grad = error.sum(0) / (2 * count)
            z = self.normal(h)
        self.optimiser.step()
        seen = z[2 * count :]
        error = torch.softmax(torch.addmm(self.head_bias, seen, self.head.T), 1) - F.one_hot(y, 10)
        self.head.grad, self.head_bias.grad = error.T @ seen / count, error.mean(0)
        self.head_optimiser.step()

    @torch.no_grad()
    def answer(self, x):
        z = x.clone()
        z[:, :10] = 0.1
        z = self.normal(z)
        for w, b in zip(self.weights, self.biases):
            z = self.normal(torch.relu(torch.addmm(b, z, w.T)))
        return torch.addmm(self.head_bias, z, self.head.T).argmax(1)


class EquilibriumPropagation:
    """784-512-10, symmetric nudges of 0.1, 30 free and 10 nudged steps, Adam; the clamped input's currents are computed once."""

    def __init__(self):
        self.w = [torch.randn(512, 784) * 0.5 / 784**0.5, torch.randn(10, 512) * 0.5 / 512**0.5]
        self.b = [torch.zeros(512), torch.zeros(10)]
        self.optimiser = torch.optim.Adam([*self.w, *self.b], lr=5e-4)

    def relax(self, drive, hidden, output, steps, beta=0.0, y=None):
        for _ in range(steps):
            below = torch.addmm(self.b[1], hidden, self.w[1].T)
            if beta:
                below -= beta * (output - y)
            hidden, output = torch.sigmoid(4 * torch.addmm(drive, output, self.w[1]) - 2), torch.sigmoid(4 * below - 2)
        return hidden, output

    @torch.no_grad()
    def learn(self, x, y):
        drive = torch.addmm(self.b[0], x, self.w[0].T)
        free = self.relax(drive, torch.zeros(len(x), 512), torch.zeros(len(x), 10), 30)
        target = F.one_hot(y, 10).float()
        plus = self.relax(drive, *free, 10, 0.1, target)
        minus = self.relax(drive, *free, 10, -0.1, target)
        scale = -1 / (0.2 * len(x))
        self.w[0].grad = scale * (plus[0] - minus[0]).T @ x
        self.w[1].grad = scale * (plus[1].T @ plus[0] - minus[1].T @ minus[0])
        self.b[0].grad, self.b[1].grad = scale * (plus[0] - minus[0]).sum(0), scale * (plus[1] - minus[1]).sum(0)
        self.optimiser.step()

    @torch.no_grad()
    def answer(self, x):
        drive = torch.addmm(self.b[0], x, self.w[0].T)
        return self.relax(drive, torch.zeros(len(x), 512), torch.zeros(len(x), 10), 30)[1].argmax(1)


RULES = {
    "surrogate_gradient": SurrogateGradient,
    "forward_forward": ForwardForward,
    "equilibrium_propagation": EquilibriumPropagation,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rule", choices=RULES)
    parser.add_argument("folder")
    for name, default in (("epochs", 1), ("batch", 128), ("limit", 60000), ("threads", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    images, labels = load(options.folder, "train", options.limit)
    network = RULES[options.rule]()
    warm = [torch.arange(k * options.batch, (k + 1) * options.batch) for k in range(10)]
    for places in warm:
        network.learn(images[places], labels[places])
    began = time.perf_counter()
    for _ in range(options.epochs):
        for places in torch.randperm(len(images)).split(options.batch):
            network.learn(images[places], labels[places])
    seconds = time.perf_counter() - began
    tests, answers = load(options.folder, "t10k", 10000)
    right = sum(int((network.answer(x) == y).sum()) for x, y in zip(tests.split(500), answers.split(500)))
    result = {
        "version": f"{getattr(network, 'library', '')}PyTorch {torch.__version__.split('+')[0]}",
        "samples_per_second": options.epochs * len(images) / seconds,
        "epoch_s": seconds / options.epochs,
        "test_accuracy": right / len(tests),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
