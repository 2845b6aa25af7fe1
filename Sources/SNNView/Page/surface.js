// A canvas that keeps the size of its element in device pixels, and the colours of the present theme.
export class Surface {
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.width = this.height = 0; // CSS pixels
    this.scale = 1;
    new ResizeObserver(() => {
      this.measure();
      changed();
    }).observe(canvas);
    this.measure();
  }

  measure() {
    const box = this.canvas.getBoundingClientRect();
    this.scale = Math.min(window.devicePixelRatio || 1, 2);
    this.width = box.width;
    this.height = box.height;
    this.canvas.width = Math.max(1, Math.round(box.width * this.scale));
    this.canvas.height = Math.max(1, Math.round(box.height * this.scale));
  }

  begin() {
    const c = this.context;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    c.font = "11px system-ui, -apple-system, 'Segoe UI', Inter, 'DejaVu Sans', sans-serif";
    c.lineWidth = 1;
    return c;
  }

  // A line one device pixel sharp.
  line(x0, y0, x1, y1, colour) {
    const c = this.context;
    const sharp = (v) => (Math.round(v * this.scale - 0.5) + 0.5) / this.scale;
    c.strokeStyle = colour;
    c.beginPath();
    c.moveTo(x0 === x1 ? sharp(x0) : x0, y0 === y1 ? sharp(y0) : y0);
    c.lineTo(x0 === x1 ? sharp(x1) : x1, y0 === y1 ? sharp(y1) : y1);
    c.stroke();
  }

  text(text, x, y, colour, align = "left", limit) {
    const c = this.context;
    c.fillStyle = colour;
    c.textAlign = align;
    c.textBaseline = "middle";
    c.fillText(limit ? this.fitted(text, limit) : text, x, y);
  }

  fitted(text, limit) {
    if (this.context.measureText(text).width <= limit) return text;
    let end = text.length;
    while (end > 1 && this.context.measureText(text.slice(0, end) + "…").width > limit) end -= 1;
    return text.slice(0, end) + "…";
  }
}

export class Theme {
  constructor(changed) {
    this.read();
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => {
        this.read();
        changed();
      });
    }
  }

  read() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.ink = colour("ink");
    this.muted = colour("muted");
    this.line = colour("line");
    this.grid = colour("grid");
    this.gap = colour("gap");
    this.accent = colour("accent");
    this.series = Array.from({ length: 8 }, (_, i) => colour(`c${i}`));
  }
}

export const gutter = { left: 92, right: 10 };
