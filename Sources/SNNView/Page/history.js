// The spikes that can still be scrolled back to: sections as they came, the oldest dropped first.
export class History {
  constructor(capacity = 6_000_000) {
    this.capacity = capacity;
    this.clear();
  }

  clear() {
    this.sections = [];
    this.count = 0;
    this.oldest = 0;
    this.first = 0; // index of the oldest section still held
  }

  add(section) {
    if (section.times.length === 0) return;
    this.sections.push(section);
    this.count += section.times.length;
    while (this.count > this.capacity && this.first < this.sections.length - 1) {
      const old = this.sections[this.first];
      this.count -= old.times.length;
      this.oldest = Math.max(this.oldest, old.to);
      this.sections[this.first] = undefined;
      this.first += 1;
    }
    if (this.first > 4096) {
      this.sections.splice(0, this.first);
      this.first = 0;
    }
  }

  *within(from, to) {
    for (let i = this.first; i < this.sections.length; i++) {
      const section = this.sections[i];
      if (section.to >= from && section.from <= to) yield section;
    }
  }
}

// Spikes of one population in bins of 1 ms, the last two minutes of them.
export class Bins {
  constructor() {
    this.length = 1 << 17;
    this.counts = new Uint32Array(this.length);
    this.head = -1; // the newest bin
  }

  add({ base, times }) {
    const mask = this.length - 1;
    for (let i = 0; i < times.length; i++) {
      const bin = Math.floor(base + times[i]);
      if (bin > this.head) this.advance(bin);
      if (bin > this.head - this.length) this.counts[bin & mask] += 1;
    }
  }

  advance(bin) {
    if (bin - this.head >= this.length) this.counts.fill(0);
    else for (let b = this.head + 1; b <= bin; b++) this.counts[b & (this.length - 1)] = 0;
    this.head = bin;
  }

  // Spikes at from <= t < to, both whole ms.
  sum(from, to) {
    let total = 0;
    const last = Math.min(to - 1, this.head);
    for (let b = Math.max(from, this.head - this.length + 1, 0); b <= last; b++) total += this.counts[b & (this.length - 1)];
    return total;
  }
}
