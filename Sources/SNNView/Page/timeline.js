const spans = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];

// The stretch of simulated time on screen. It follows the newest spikes smoothly, or is held where the user scrolled to.
export class Timeline {
  constructor() {
    this.level = spans.indexOf(2000);
    this.reset();
  }

  reset() {
    this.edge = 0; // everything before it is here
    this.shown = 0; // how far the screen has followed
    this.held = null; // the right end, when scrolled back
    this.oldest = 0;
  }

  get span() { return spans[this.level]; }
  get end() { return this.held ?? Math.max(this.shown, this.span); }
  get start() { return this.end - this.span; }
  get isFollowing() { return this.held === null; }
  get isMoving() { return this.shown !== this.edge; }

  // Batches come every 20 ms or so of wall time; an exponential approach makes one motion of them.
  advance(wallMs) {
    const gap = this.edge - this.shown;
    this.shown += gap * (1 - Math.exp(-wallMs / 60));
    // Never further behind than the raster keeps columns for.
    if (this.edge - this.shown > 0.4 * this.span) this.shown = this.edge - 0.4 * this.span;
    if (this.edge - this.shown < this.span / 4000) this.shown = this.edge;
  }

  zoom(levels) { this.level = Math.min(spans.length - 1, Math.max(0, this.level - levels)); }

  scroll(ms) {
    const end = Math.max(this.end + ms, Math.min(this.oldest + this.span, this.shown));
    this.held = end >= this.shown ? null : Math.max(end, this.span);
    if (this.held !== null && this.held >= this.shown) this.held = null;
  }

  toOldest() { this.scroll(-Infinity); }
  toLive() { this.held = null; }
}
