"""Synapses and the astrocytes that listen to them, from an independent solver: Tests/SNNSimTests/Fixtures/scipy/gliotransmission.json.

The time course of Stimberg, Goodman, Brette & De Pitta (2019), doi:10.1007/978-3-030-00817-8_18, with 40 synapses: 20 s of Poisson
spikes (on whole milliseconds), 5 s each at 0.011, 0.11, 1.1 and 11 Hz. Neurotransmitter outside the cells without glia, in open loop
(an astrocyte for each synapse, driven by outside IP3) and in closed loop (each synapse drives its astrocyte), means over synapses
every 50 ms. Astrocytes by SciPy's DOP853, restarted every millisecond. About two minutes:

    python tools/peers/scipy_gliotransmission.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy_traces import DE_PITTA

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNSimTests/Fixtures/scipy"
SYNAPSES, EVERY = 40, 50
RATES = [0.011, 0.11, 1.1, 11.0]  # Hz, 5 s each
U_0, OMEGA_F, OMEGA_D, ALPHA = 0.6, 3.33e-3, 2e-3, 0.0


def astrocyte(p):
    def f(t, flat):
        y, ga, i, c, h, xa, g, gs = flat.reshape(8, SYNAPSES)
        drive = i - p["I_bias"]
        flow = -p["F_ex"] / 2 * (1 + np.tanh((np.abs(drive) - p["I_Theta"]) / p["omega_I"])) * np.sign(drive)
        di = (p["O_beta"] * ga + p["O_delta"] / (1 + i / p["kappa_delta"]) * c**2 / (c**2 + p["K_delta"] ** 2)
              - p["O_3K"] * c**4 / (c**4 + p["K_D"] ** 4) * i / (i + p["K_3K"]) - p["Omega_5P"] * i + flow)
        m = i / (i + p["d_1"]) * c / (c + p["d_5"])
        dc = ((p["Omega_C"] * m**3 * h**3 + p["Omega_L"]) * (p["C_T"] - (1 + p["rho_A"]) * c)
              - p["O_P"] * c**2 / (c**2 + p["K_P"] ** 2))
        q = p["d_2"] * (i + p["d_1"]) / (i + p["d_3"])
        return np.concatenate([
            -p["Omega_c"] * y, p["O_N"] * y * (1 - ga) - p["Omega_N"] * (1 + p["zeta"] * c / (c + p["K_KC"])) * ga, di, dc,
            p["O_2"] * (q - (q + c) * h), p["Omega_A"] * (1 - xa), -p["Omega_e"] * g,
            p["O_G"] * g * (1 - gs) - p["Omega_G"] * gs])

    return f


def course(spikes, is_heard, bias):
    """Mean neurotransmitter and bound presynaptic receptors; `bias` None: without glia."""
    p = {**DE_PITTA, "I_bias": bias or 0.0}
    f = astrocyte(p)
    state = np.zeros((8, SYNAPSES))
    state[4], state[5] = 0.9, 1.0
    y, u, x = np.zeros(SYNAPSES), np.zeros(SYNAPSES), np.ones(SYNAPSES)
    arriving = np.zeros(SYNAPSES)
    means, bound = [], []
    for ms in range(1, 5000 * len(RATES) + 1):
        y *= np.exp(-p["Omega_c"])
        u *= np.exp(-OMEGA_F)
        x = 1 - (1 - x) * np.exp(-OMEGA_D)
        if bias is not None:
            below = state[3] <= p["C_Theta"]
            state = solve_ivp(f, (0, 1), state.ravel(), method="DOP853", rtol=1e-9, atol=1e-12).y[:, -1].reshape(8, SYNAPSES)
            if is_heard:
                state[0] += p["rho_c"] * p["Y_T"] * arriving
            released = below & (state[3] > p["C_Theta"])
            amount = np.where(released, p["U_A"] * state[5], 0)
            state[6] += p["rho_e"] * p["G_T"] * amount
            state[5] -= amount
        y += p["rho_c"] * p["Y_T"] * arriving
        # What is sent now comes 1 ms later.
        fires = spikes[ms]
        u0 = (1 - state[7]) * U_0 + ALPHA * state[7]
        u = np.where(fires, u + u0 * (1 - u), u)
        arriving = np.where(fires, u * x, 0)
        x = x - arriving
        if ms % EVERY == 0:
            means.append(float(f"{y.mean():.8g}"))
            bound.append(float(f"{state[7].mean():.8g}"))
    return means, bound


random = np.random.Generator(np.random.PCG64(198366))
fires = np.concatenate([random.random((5000, SYNAPSES)) < rate / 1000 for rate in RATES] + [np.zeros((1, SYNAPSES), bool)])
fires[:10] = False
times, ids = np.nonzero(fires)
fixture = {"source": f"SciPy {scipy.__version__} DOP853", "every": EVERY, "times": times.tolist(), "ids": ids.tolist()}
fixture["none"], _ = course(fires, False, None)
fixture["open"], fixture["openBound"] = course(fires, False, 1.0)
fixture["closed"], fixture["closedBound"] = course(fires, True, 0.0)
OUT.mkdir(parents=True, exist_ok=True)
(OUT / "gliotransmission.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
for group in ("none", "open", "closed"):
    print(group, [round(float(np.mean(fixture[group][n * 100 : n * 100 + 100])), 3) for n in range(4)])
