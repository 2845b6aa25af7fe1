// A batch of spikes as the server packs it (SpikeBatch.swift), little-endian:
//   u8 1, u8 0, u16 0, u32 sections, f64 edge in ms: all before it has been sent; then for each section
//   u32 population, u32 n, f64 base in ms, f32[n] times after the base in ms, u32[n] ids

export function decodeBatch(buffer) {
  const view = new DataView(buffer);
  const sections = [];
  let at = 16;
  for (let left = view.getUint32(4, true); left > 0; left--) {
    const population = view.getUint32(at, true);
    const count = view.getUint32(at + 4, true);
    const base = view.getFloat64(at + 8, true);
    const times = new Float32Array(buffer, at + 16, count);
    const ids = new Uint32Array(buffer, at + 16 + 4 * count, count);
    sections.push({ population, base, times, ids, ...ends(base, times) });
    at += 16 + 8 * count;
  }
  return { edge: view.getFloat64(8, true), sections };
}

function ends(base, times) {
  let low = Infinity;
  let high = -Infinity;
  for (const time of times) {
    if (time < low) low = time;
    if (time > high) high = time;
  }
  return { from: base + low, to: base + high };
}
