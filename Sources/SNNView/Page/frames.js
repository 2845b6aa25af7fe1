// Draws while there is something to draw, and counts the frames that came too late for 60 a second.
export class Frames {
  constructor(draw, stats) {
    Object.assign(this, { draw, stats, pending: false, last: null });
    document.addEventListener("visibilitychange", () => (this.last = null));
  }

  request() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    const { stats } = this;
    this.pending = false;
    const passed = this.last === null ? 1000 / 60 : now - this.last;
    if (this.last !== null) {
      stats.droppedFrames += Math.max(0, Math.round((passed * 60) / 1000) - 1);
      stats.longestFrame = Math.max(stats.longestFrame, passed);
    }
    stats.frames += 1;
    const begun = performance.now();
    const goesOn = this.draw(passed);
    stats.drawMs += performance.now() - begun;
    this.last = goesOn ? now : null;
    if (goesOn) this.request();
  }
}
