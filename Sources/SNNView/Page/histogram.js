import { short, whole } from "./format.js";

// How the weights of a projection are distributed now.
export class WeightPanel {
  constructor(surface, theme, elements) {
    Object.assign(this, { surface, theme }, elements);
    this.histograms = new Map();
    this.select.addEventListener("change", () => this.draw());
  }

  clear() {
    this.histograms.clear();
    this.select.replaceChildren();
    this.panel.hidden = true;
  }

  take(histogram) {
    if (!this.histograms.has(histogram.projection)) {
      this.select.add(new Option(histogram.projection));
      this.panel.hidden = false;
      this.surface.measure();
    }
    this.histograms.set(histogram.projection, histogram);
    if (histogram.projection === this.select.value) this.draw();
  }

  draw() {
    const histogram = this.histograms.get(this.select.value);
    if (!histogram) return;
    const { surface, theme } = this;
    const { counts, low, high, n, mean, time } = histogram;
    const c = surface.begin();
    const [left, right, top, bottom] = [2, surface.width - 2, 4, surface.height - 18];
    const most = Math.max(1, ...counts);
    const width = (right - left) / counts.length;
    c.fillStyle = theme.accent;
    counts.forEach((count, i) => {
      // A bin with anything in it is seen.
      const height = count === 0 ? 0 : Math.max(1, (count / most) * (bottom - top));
      c.fillRect(left + i * width, bottom - height, Math.max(1, width - 1), height);
    });
    surface.line(left, bottom, right, bottom, theme.muted);
    surface.text(short(low), left, bottom + 10, theme.muted);
    surface.text(short(high), right, bottom + 10, theme.muted, "right");
    if (high > low) {
      const x = left + ((mean - low) / (high - low)) * (right - left);
      surface.line(x, top - 4, x, bottom, theme.ink);
    }
    this.note.textContent = `${whole(n)} synapses, mean ${short(mean)}`;
    this.note.title = `at ${whole(Math.round(time))} ms`;
    surface.canvas.setAttribute(
      "aria-label", `Histogram of ${n} weights of ${histogram.projection}: from ${short(low)} to ${short(high)}, mean ${short(mean)}`);
  }
}
