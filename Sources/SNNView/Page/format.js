// Numbers as people read them.
const grouped = new Intl.NumberFormat("en", { useGrouping: true, maximumFractionDigits: 0 });

export const whole = (n) => grouped.format(n).replaceAll(",", "\u202f");

// Three significant digits.
export function short(x) {
  if (!Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1000) return whole(Math.round(x));
  if (size < 0.001) return x.toExponential(1);
  return x.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export function duration(ms) {
  if (ms < 1000) return `${ms} ms`;
  return ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} min`;
}

export function clock(ms) {
  const [units, rest] = ms.toFixed(1).split(".");
  return `${whole(Number(units))}.${rest} ms`;
}

// A number on an axis: without the dust of binary fractions.
export const tick = (x) => (Math.abs(x) >= 1000 ? whole(x) : String(Number(x.toPrecision(6))));

// The step of 1, 2 or 5 times a power of ten that is at least `least`.
export function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((f) => f * power).find((step) => step >= least * (1 - 1e-9));
}
