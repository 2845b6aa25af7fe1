import { gutter } from "./surface.js";
import { timeTicks } from "./raster.js";
import { niceStep, tick, whole } from "./format.js";

// The rate of each visible population over the same stretch of time as the raster.
export class Rates {
  constructor(surface, theme, timeline) {
    Object.assign(this, { surface, theme, timeline });
    this.top = 1;
  }

  draw(populations) {
    const { surface, theme, timeline } = this;
    const c = surface.begin();
    const [top, bottom, right] = [6, surface.height - 18, surface.width - gutter.right];
    const toX = (t) => gutter.left + ((t - timeline.start) / timeline.span) * (right - gutter.left);
    this.bin = Math.max(1, niceStep(timeline.span / 200));
    const courses = populations.filter((p) => p.visible).map((p) => ({ population: p, points: this.course(p) }));
    this.fit(courses);
    const toY = (rate) => bottom - (rate / this.top) * (bottom - top);

    for (const t of timeTicks(timeline)) {
      surface.line(toX(t), top, toX(t), bottom, theme.grid);
      const isNear = toX(t) < gutter.left + 16 || toX(t) > right - 16;
      surface.text(this.timeText(t), toX(t), bottom + 11, theme.muted, isNear ? (toX(t) > right - 16 ? "right" : "left") : "center");
    }
    const step = niceStep(this.top / Math.max(2, (bottom - top) / 22));
    for (let rate = 0; rate <= this.top; rate += step) {
      surface.line(gutter.left, toY(rate), right, toY(rate), rate === 0 ? theme.line : theme.grid);
      surface.text(tick(rate), gutter.left - 7, toY(rate), theme.muted, "right");
    }
    surface.line(gutter.left, top, gutter.left, bottom, theme.line);

    c.save();
    c.beginPath();
    c.rect(gutter.left, top - 2, right - gutter.left, bottom - top + 3);
    c.clip();
    c.lineWidth = 1.5;
    c.lineJoin = "round";
    for (const { population, points } of courses) {
      c.strokeStyle = theme.series[population.index % 8];
      c.beginPath();
      for (const { from, to, rate } of points) {
        c.lineTo(toX(from), toY(rate));
        c.lineTo(toX(to), toY(rate));
      }
      c.stroke();
    }
    c.restore();
  }

  // Bins that lie at whole multiples of their width, so that they do not change as they scroll.
  course(population) {
    const { timeline, bin } = this;
    if (population.given.length > 0) return population.given.filter((p) => p.to >= timeline.start && p.from <= timeline.end);
    const points = [];
    const last = Math.floor(Math.min(timeline.end, timeline.edge) / bin);
    for (let k = Math.max(0, Math.floor(timeline.start / bin)); k < last; k++) {
      const spikes = population.bins.sum(k * bin, (k + 1) * bin);
      points.push({ from: k * bin, to: (k + 1) * bin, rate: (1000 * spikes) / (bin * Math.max(1, population.size)) });
    }
    return points;
  }

  // The top of the axis grows at once and shrinks when less than half of it is used.
  fit(courses) {
    let most = 0;
    for (const { points } of courses) for (const { rate } of points) if (rate > most) most = rate;
    if (most > 0 && (most > this.top || most < this.top / 2)) this.top = niceTop(most * 1.05);
  }

  timeText(t) {
    const { span } = this.timeline;
    return span > 2000 ? `${short2(t / 1000, span / 8000)} s` : `${whole(t)} ms`;
  }
}

function niceTop(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 1.2, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10].map((f) => f * power).find((top) => top >= least);
}

const short2 = (x, step) => x.toFixed(step >= 1 ? 0 : 1);
