// Buttons, keys and pointer. Every action has a key; a key that the focused element uses itself is left to it.
export class Controls {
  constructor(actions) {
    const { pause, stop, live, zoomIn, zoomOut, raster } = actions.elements;
    this.actions = actions;
    this.stopButton = stop;
    pause.addEventListener("click", actions.pause);
    stop.addEventListener("click", () => this.stop());
    stop.addEventListener("blur", () => this.disarm());
    live.addEventListener("click", actions.live);
    zoomIn.addEventListener("click", () => actions.zoom(1));
    zoomOut.addEventListener("click", () => actions.zoom(-1));
    document.addEventListener("keydown", (event) => this.key(event));
    this.pointer(raster);
  }

  // A run that was stopped cannot go on, so the button asks once.
  stop() {
    if (!this.isArmed) {
      this.isArmed = true;
      this.stopButton.textContent = "Really stop?";
      this.stopButton.classList.add("sure");
      this.timer = setTimeout(() => this.disarm(), 4000);
      return;
    }
    this.disarm();
    this.actions.stop();
  }

  disarm() {
    clearTimeout(this.timer);
    this.isArmed = false;
    this.stopButton.textContent = "Stop";
    this.stopButton.classList.remove("sure");
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select")) return;
    const { actions } = this;
    const keys = {
      ArrowLeft: () => actions.scroll(event.shiftKey ? -1 : -0.1),
      ArrowRight: () => actions.scroll(event.shiftKey ? 1 : 0.1),
      ArrowUp: () => actions.zoom(1),
      ArrowDown: () => actions.zoom(-1),
      Home: actions.oldest,
      End: actions.live,
      Escape: () => this.disarm(),
    };
    if (event.key === " ") {
      if (event.target.closest("button")) return;
      if (!event.repeat) actions.pause();
    } else if (keys[event.key]) keys[event.key]();
    else if (/^[1-9]$/.test(event.key)) actions.toggle(Number(event.key) - 1);
    else return;
    event.preventDefault();
  }

  pointer(canvas) {
    const { actions } = this;
    let last = null;
    canvas.addEventListener("pointerdown", (event) => {
      last = event.clientX;
      canvas.setPointerCapture(event.pointerId);
      canvas.classList.add("dragging");
    });
    const end = () => {
      last = null;
      canvas.classList.remove("dragging");
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointermove", (event) => {
      actions.hover(event.offsetX, event.offsetY);
      if (last === null) return;
      actions.drag(event.clientX - last);
      last = event.clientX;
    });
    canvas.addEventListener("pointerleave", () => actions.hover(-1, -1));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) actions.drag(-event.deltaX);
        else actions.zoom(event.deltaY < 0 ? 1 : -1);
      },
      { passive: false });
  }
}
