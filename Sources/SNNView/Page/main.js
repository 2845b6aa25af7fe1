import { Connection } from "./connection.js";
import { Controls } from "./controls.js";
import { Frames } from "./frames.js";
import { Bins, History } from "./history.js";
import { WeightPanel } from "./histogram.js";
import { Raster } from "./raster.js";
import { Rates } from "./rates.js";
import { Surface, Theme, gutter } from "./surface.js";
import { Timeline } from "./timeline.js";
import { clock, duration, short, whole } from "./format.js";

const element = (id) => document.getElementById(id);
const stats = {
  state: "connecting", connections: 0, runs: 0, run: null, time: 0, factor: null, batches: 0, spikes: 0, byPopulation: {},
  get drawn() { return raster.drawn; },
  frames: 0, droppedFrames: 0, longestFrame: 0, drawMs: 0,
  skippedBatches: 0, skippedSpikes: 0, lost: 0, dropped: 0, weights: {},
};
const history = new History();
const timeline = new Timeline();
const theme = new Theme(() => {
  raster.recolour();
  redraw();
});
let populations = [];
let run = {};
let status = { state: "connecting" };
// A canvas whose size changes is empty: it is drawn again before anybody sees that.
const raster = new Raster(new Surface(element("raster"), () => relay()), theme, timeline);
const rates = new Rates(new Surface(element("rates"), () => rates.draw(populations)), theme, timeline);
const weights = new WeightPanel(
  new Surface(element("weights"), () => weights.draw()), theme,
  { panel: element("weights-panel"), select: element("projection"), note: element("weights-note") });

// Drawing

const frames = new Frames((passed) => {
  timeline.advance(passed);
  raster.draw(history);
  rates.draw(populations);
  element("time").textContent = clock(timeline.shown);
  element("live").hidden = timeline.isFollowing;
  return status.state === "running" || timeline.isMoving;
}, stats);

function relay() {
  raster.layout(populations);
  raster.draw(history);
  redraw();
}

function redraw() {
  weights.draw();
  frames.request();
}

let before = { at: performance.now(), spikes: 0, frames: 0 };
setInterval(() => {
  const at = performance.now();
  const seconds = (at - before.at) / 1000;
  const isMoving = stats.frames > before.frames;
  element("pace").textContent = whole(Math.max(0, Math.round((stats.spikes - before.spikes) / seconds)));
  element("frames").textContent = isMoving ? Math.round((stats.frames - before.frames) / seconds) : "–";
  before = { at, spikes: stats.spikes, frames: stats.frames };
}, 1000);
setInterval(() => {
  for (const [id, count] of [["lost", stats.lost], ["dropped", stats.dropped], ["skipped", stats.skippedSpikes]]) {
    element(id).textContent = whole(count);
    element(id).classList.toggle("some", count > 0);
  }
  element("spikes").textContent = whole(stats.spikes);
  for (const population of populations) population.rateText.textContent = `${short(rateNow(population))} Hz`;
}, 250);

function rateNow({ given, bins, size }) {
  if (given.length > 0) return given.at(-1).rate;
  const to = Math.floor(timeline.edge);
  const from = Math.max(0, to - 500);
  return to > from && size > 0 ? (1000 * bins.sum(from, to)) / (size * (to - from)) : 0;
}

// What the server says

const connection = new Connection({
  opened() {
    stats.connections += 1;
    clear();
  },
  closed() { show({ ...status, state: "gone" }); },
  run(message) {
    if (message.run !== stats.run) {
      stats.runs += 1;
      clear();
    }
    stats.run = message.run;
    run = message;
    element("name").textContent = message.name;
    document.title = `${message.name} – snnsim`;
    describe(message.populations);
  },
  status(message) {
    Object.assign(stats, { time: message.time, factor: message.factor, lost: message.lost, dropped: message.dropped });
    show(message);
  },
  spikes({ edge, sections }) {
    stats.batches += 1;
    for (const section of sections) {
      const population = populations[section.population];
      history.add(section);
      population.bins.add(section);
      raster.plot(section);
      stats.spikes += section.times.length;
      stats.byPopulation[population.name] += section.times.length;
    }
    timeline.edge = Math.max(timeline.edge, edge);
    timeline.oldest = history.oldest;
    frames.request();
  },
  rates({ population, bin, times, rates: values }) {
    const { given } = populations[population];
    times.forEach((to, i) => given.push({ from: to - bin, to, rate: values[i] }));
    given.splice(0, given.length - 20_000);
    frames.request();
  },
  weights(message) {
    stats.weights[message.projection] = message.n;
    weights.take(message);
  },
  gap({ from, to }) {
    raster.gaps.push({ from, to });
    raster.gaps.splice(0, raster.gaps.length - 1000);
  },
  skipped({ batches, spikes, from, to }) {
    stats.skippedBatches += batches;
    stats.skippedSpikes += spikes;
    raster.gaps.push({ from, to });
  },
  notice({ text }) {
    element("notice").textContent = text;
    setTimeout(() => (element("notice").textContent = ""), 6000);
  },
});

function clear() {
  history.clear();
  timeline.reset();
  weights.clear();
  raster.gaps = [];
  raster.drawn = 0;
  raster.stale = true;
  Object.assign(stats, { run: null, spikes: 0, batches: 0, byPopulation: {}, skippedBatches: 0, skippedSpikes: 0, weights: {} });
  describe([]);
}

// Populations keep what is known of them when the description of the same run comes again.
function describe(list) {
  populations = list.map((entry, index) => {
    const old = populations[index]?.name === entry.name ? populations[index] : null;
    stats.byPopulation[entry.name] ??= 0;
    return { visible: true, bins: new Bins(), given: [], ...old, ...entry, index };
  });
  element("populations").replaceChildren(...populations.map(legend));
  relay();
}

function legend(population) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const part = (kind, className, text = "") => Object.assign(document.createElement(kind), { className, textContent: text });
  const label = part("span", "label", population.name);
  label.append(part("small", "", whole(population.size)));
  population.rateText = part("span", "unit");
  button.append(part("span", `swatch c${population.index % 8}`), label, population.rateText);
  button.type = "button";
  button.title = `${population.name}${population.model ? `: ${population.model}` : ""}`;
  button.setAttribute("aria-pressed", population.visible);
  if (population.index < 9) button.setAttribute("aria-keyshortcuts", population.index + 1);
  button.addEventListener("click", () => toggle(population.index));
  population.button = button;
  item.append(button);
  return item;
}

const names = {
  waiting: "Waiting", running: "Running", paused: "Paused", ended: "Ended", gone: "Viewer has ended", connecting: "Connecting",
};

function show(message) {
  status = message;
  stats.state = message.state;
  const { state, factor, duration: length } = message;
  const text = names[state] + (message.detail ? `: ${message.detail}` : "");
  if (element("state").textContent !== text) element("state").textContent = text;
  element("state").dataset.state = state;
  element("factor").textContent = factor ? short(factor) : "–";
  element("time").title = length ? `of ${clock(length)}` : "";
  const isReplay = run.mode === "replay";
  const { pause, stop } = { pause: element("pause"), stop: element("stop") };
  pause.textContent = state === "paused" ? "Resume" : state === "ended" && isReplay ? "Again" : "Pause";
  pause.disabled = !(["running", "paused"].includes(state) || (state === "ended" && isReplay));
  stop.disabled = !["running", "paused"].includes(state);
  const overlay = element("overlay");
  overlay.hidden = !((state === "waiting" || state === "gone") && stats.spikes === 0);
  overlay.textContent = state === "gone"
    ? "The viewer's server has ended.\nThis page connects again by itself."
    : `Waiting for a simulation at ${message.source ?? ""}\nsnnsim run net.json --stream ${message.source ?? ""}`;
  element("raster").setAttribute(
    "aria-label", `Raster of spikes of ${populations.length} populations, ${names[state].toLowerCase()}`);
  frames.request();
}

// What the user does

function toggle(index) {
  const population = populations[index];
  if (!population) return;
  population.visible = !population.visible;
  population.button.setAttribute("aria-pressed", population.visible);
  relay();
}

function pause() {
  if (status.state === "running") connection.send({ request: "pause" });
  else if (status.state === "paused") connection.send({ request: "resume" });
  else if (status.state === "ended" && run.mode === "replay") connection.send({ request: "restart" });
}

const rasterElement = element("raster");
new Controls({
  elements: {
    pause: element("pause"), stop: element("stop"), live: element("live"), zoomIn: element("zoom-in"),
    zoomOut: element("zoom-out"), raster: rasterElement,
  },
  pause,
  stop: () => connection.send({ request: "stop" }),
  toggle,
  live: () => moved(() => timeline.toLive()),
  oldest: () => moved(() => timeline.toOldest()),
  scroll: (windows) => moved(() => timeline.scroll(windows * timeline.span)),
  drag: (pixels) =>
    moved(() => timeline.scroll((-pixels / (rasterElement.clientWidth - gutter.left - gutter.right)) * timeline.span)),
  zoom: (levels) => {
    moved(() => timeline.zoom(levels));
    element("span").textContent = duration(timeline.span);
  },
  hover(x, y) {
    const found = raster.at(x, y);
    element("readout").textContent = found ? `${found.population.name} ${found.id} at ${clock(found.time)}` : "";
  },
});

function moved(change) {
  const { span, held } = timeline;
  change();
  if (timeline.span !== span || timeline.held !== held) raster.stale = true;
  frames.request();
}

window.snnsim = { stats, timeline, get populations() { return populations; } };
