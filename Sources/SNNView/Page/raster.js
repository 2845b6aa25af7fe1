import { gutter } from "./surface.js";
import { niceStep, whole } from "./format.js";

// The scrolling raster. Spikes are counted in a ring of pixel columns, each column one stretch of simulated time; a frame colours
// the columns that changed and copies the ring to the screen in two pieces. The work of a frame does not grow with the window.
export class Raster {
  constructor(surface, theme, timeline) {
    Object.assign(this, { surface, theme, timeline });
    this.ringCanvas = document.createElement("canvas");
    this.bands = [];
    this.gaps = [];
    this.drawn = 0;
    this.layout([]);
  }

  // Lays out one band of rows for each visible population; heights follow sizes, small ones stay visible.
  layout(populations) {
    const { surface } = this;
    this.width = Math.max(1, Math.round((surface.width - gutter.left - gutter.right) * surface.scale));
    this.height = Math.max(1, Math.round((surface.height - 6) * surface.scale));
    this.ring = Math.ceil(this.width * 1.5);
    const space = Math.round(8 * surface.scale);
    const visible = populations.filter((p) => p.visible && p.size > 0);
    const room = this.height - space * Math.max(0, visible.length - 1);
    this.bands = [];
    let top = 0;
    for (const [index, height] of heights(visible.map((p) => p.size), room, 14 * surface.scale).entries()) {
      const population = visible[index];
      const perNeuron = height / population.size;
      const dotHeight = Math.max(1, Math.min(Math.floor(perNeuron * 0.8), Math.round(9 * surface.scale)));
      const dotWidth = perNeuron >= 2 * surface.scale ? Math.round(1.5 * surface.scale) : Math.ceil(surface.scale * 0.9);
      this.bands[population.index] = { population, top, height, perNeuron, dotWidth, dotHeight, exposure: -2 };
      top += height + space;
    }
    this.counts = new Uint8Array(this.ring * this.height);
    this.image = new ImageData(this.ring, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.ringCanvas.width = this.ring;
    this.ringCanvas.height = this.height;
    this.ringContext = this.ringCanvas.getContext("2d");
    this.recolour();
    this.stale = true;
    this.frames = 0;
  }

  recolour() {
    for (const band of this.bands) if (band) band.table = shades(this.theme.series[band.population.index % 8], band.exposure);
    this.dirtyFrom = -Infinity;
  }

  // Where many spikes fall into a pixel each is fainter, so that differences are seen at any rate. As with a camera, the exposure
  // follows the mean, in steps of two.
  expose() {
    const { timeline, width } = this;
    let changed = false;
    for (const band of this.bands) {
      if (!band) continue;
      const spikes = band.population.bins.sum(Math.floor(timeline.start), Math.ceil(timeline.end));
      const time = Math.min(1, Math.max(timeline.shown, 1) / timeline.span);
      const mean = (spikes * band.dotWidth * band.dotHeight) / (width * time * band.height);
      const exposure = Math.max(-2, Math.round(Math.log2(Math.max(mean, 0.01))));
      // A step and a half away, lest it go to and fro.
      if (exposure === band.exposure || Math.abs(Math.log2(Math.max(mean, 0.01)) - band.exposure) < 0.75) continue;
      band.exposure = exposure;
      changed = true;
    }
    if (changed) this.recolour();
  }

  get msPerColumn() { return this.timeline.span / this.width; }

  // Counts the spikes of a section that just came; `rebuild` does it for those of the history.
  plot(section) {
    if (!this.stale && this.timeline.isFollowing) this.drawn += this.count(section, Infinity);
  }

  count({ population, base, times, ids }, limit) {
    const band = this.bands[population];
    if (!band) return 0;
    const { counts, ring } = this;
    const { top, height, perNeuron, dotWidth, dotHeight, population: { size } } = band;
    const perMs = 1 / this.msPerColumn;
    const lowest = height - dotHeight;
    for (let i = 0; i < times.length; i++) {
      const column = Math.floor((base + times[i]) * perMs);
      if (column > limit) continue;
      if (column > this.head) this.advance(column);
      if (column - dotWidth < this.head - ring) continue;
      if (column - dotWidth + 1 < this.dirtyFrom) this.dirtyFrom = column - dotWidth + 1;
      // Neuron 0 is the lowest row of its band, as in the figures.
      const row = top + Math.min(lowest, Math.max(0, Math.floor((size - 1 - ids[i]) * perNeuron)));
      for (let c = Math.max(0, column - dotWidth + 1); c <= column; c++) {
        let at = row * ring + (c % ring);
        for (let h = 0; h < dotHeight; h++, at += ring) if (counts[at] < 255) counts[at] += 1;
      }
    }
    return times.length;
  }

  advance(column) {
    const { counts, ring, height } = this;
    if (column - this.head >= ring) {
      counts.fill(0);
      this.dirtyFrom = column - ring + 1;
    } else {
      for (let c = this.head + 1; c <= column; c++) {
        const x = c % ring;
        for (let at = x; at < ring * height; at += ring) counts[at] = 0;
      }
      if (this.head + 1 < this.dirtyFrom) this.dirtyFrom = this.head + 1;
    }
    this.head = column;
  }

  rebuild(history) {
    const { timeline } = this;
    this.counts.fill(0);
    this.head = Math.floor(timeline.end / this.msPerColumn);
    this.dirtyFrom = this.head - this.ring + 1;
    this.stale = false;
    const limit = timeline.isFollowing ? Infinity : this.head;
    for (const section of history.within(timeline.start, timeline.isFollowing ? Infinity : timeline.end)) {
      this.count(section, limit);
    }
  }

  // Colours the columns from `dirtyFrom` to the head.
  colour() {
    const { ring, head } = this;
    const from = Math.max(this.dirtyFrom, head - ring + 1, 0);
    this.dirtyFrom = Infinity;
    if (from > head) return;
    const a = from % ring;
    const count = head - from + 1;
    this.colourColumns(a, Math.min(count, ring - a));
    if (count > ring - a) this.colourColumns(0, count - (ring - a));
  }

  colourColumns(x, count) {
    const { counts, pixels, ring } = this;
    for (const band of this.bands) {
      if (!band) continue;
      const { table } = band;
      for (let row = band.top; row < band.top + band.height; row++) {
        for (let at = row * ring + x, end = at + count; at < end; at++) pixels[at] = table[counts[at]];
      }
    }
    this.ringContext.putImageData(this.image, 0, 0, x, 0, count, this.height);
  }

  draw(history) {
    const { surface, theme, timeline, ring, width } = this;
    const last = Math.floor(timeline.end / this.msPerColumn);
    const isCovered = !this.stale && last <= this.head + ring && last - width >= this.head - ring;
    if (!isCovered || (!timeline.isFollowing && last !== this.head)) this.rebuild(history);
    if (last > this.head) this.advance(last);
    if (this.frames++ % 30 === 0) this.expose();
    this.colour();

    const c = surface.begin();
    const right = surface.width - gutter.right;
    const toX = (t) => gutter.left + ((t - timeline.start) / timeline.span) * (right - gutter.left);
    for (const gap of this.gaps) {
      const [x0, x1] = [Math.max(gutter.left, toX(gap.from)), Math.min(right, toX(gap.to))];
      c.fillStyle = theme.gap;
      if (x1 > x0) c.fillRect(x0, 3, Math.max(1, x1 - x0), this.height / surface.scale);
    }
    for (const t of timeTicks(timeline)) surface.line(toX(t), 3, toX(t), 3 + this.height / surface.scale, theme.grid);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.imageSmoothingEnabled = false;
    this.copy(c, last);
    c.setTransform(surface.scale, 0, 0, surface.scale, 0, 0);
    this.labels();
  }

  copy(c, last) {
    const { ring, width, height, surface } = this;
    const x = Math.round(gutter.left * surface.scale);
    const y = Math.round(3 * surface.scale);
    const first = Math.max(0, last - width + 1);
    const count = last - first + 1;
    const at = x + width - count;
    const a = first % ring;
    const head = Math.min(count, ring - a);
    c.drawImage(this.ringCanvas, a, 0, head, height, at, y, head, height);
    if (count > head) c.drawImage(this.ringCanvas, 0, 0, count - head, height, at + head, y, count - head, height);
  }

  labels() {
    const { surface, theme } = this;
    for (const band of this.bands) {
      if (!band) continue;
      const [top, height] = [3 + band.top / surface.scale, band.height / surface.scale];
      surface.line(gutter.left, top, gutter.left, top + height, theme.line);
      surface.line(gutter.left, top + height, surface.width - gutter.right, top + height, theme.line);
      const middle = top + height / 2;
      const colour = theme.series[band.population.index % 8];
      surface.text(band.population.name, 0, height > 34 ? middle - 7 : middle, colour, "left", gutter.left - 44);
      if (height > 34) surface.text(whole(band.population.size), 0, middle + 7, theme.muted);
      if (height > 44) this.ids(band, top, height);
    }
  }

  ids(band, top, height) {
    const { surface, theme } = this;
    const { size } = band.population;
    const step = niceStep(Math.max(1, size / (height / 44)));
    for (let id = 0; id < size; id += step) {
      const y = top + height - ((id + 0.5) / size) * height;
      if (y < top + 5) continue;
      surface.line(gutter.left - 4, y, gutter.left, y, theme.line);
      surface.text(whole(id), gutter.left - 7, y, theme.muted, "right");
    }
  }

  // What is at a point of the canvas, in CSS pixels.
  at(x, y) {
    const { surface, timeline } = this;
    const fraction = (x - gutter.left) / (surface.width - gutter.left - gutter.right);
    if (fraction < 0 || fraction > 1) return null;
    const row = (y - 3) * surface.scale;
    const band = this.bands.find((b) => b && row >= b.top && row < b.top + b.height);
    if (!band) return null;
    const id = Math.max(0, band.population.size - 1 - Math.floor((row - band.top) / band.perNeuron));
    return { time: timeline.start + fraction * timeline.span, population: band.population, id };
  }
}

export function* timeTicks({ start, span }) {
  const step = niceStep(span / 8);
  for (let k = Math.max(0, Math.ceil(start / step)); k * step <= start + span; k++) yield k * step;
}

// Heights in proportion to sizes, none below the least.
function heights(sizes, room, least) {
  const floor = Math.min(least, room / Math.max(1, sizes.length));
  let fixed = new Set();
  for (;;) {
    const open = sizes.filter((_, i) => !fixed.has(i)).reduce((a, b) => a + b, 0);
    const share = (i) => (fixed.has(i) ? floor : (sizes[i] / open) * (room - floor * fixed.size));
    const small = sizes.findIndex((_, i) => !fixed.has(i) && share(i) < floor);
    if (small < 0) return sizes.map((_, i) => Math.max(1, Math.floor(share(i))));
    fixed = new Set([...fixed, small]);
  }
}

// The colour of a pixel for each number of spikes in it: the mean number, 2 to the power of `exposure`, has two thirds of the colour.
function shades(colour, exposure) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  const one = 1 - 0.33 ** (2 ** -exposure);
  return Uint32Array.from({ length: 256 }, (_, n) => {
    const alpha = n === 0 ? 0 : Math.round(255 * (1 - (1 - one) ** n));
    return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}
