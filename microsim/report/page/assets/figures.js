"use strict";
// The numbers of the page: how they are read, rounded, compared and found. Knows nothing of the document.
const figures = (() => {
  // A column is one number that holds for all runs, null for none, or all numbers (float64, little-endian, base64).
  function decode(column) {
    if (typeof column !== "string") return column === null ? NaN : column;
    const text = atob(column);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    const view = new DataView(bytes.buffer);
    const out = new Float64Array(bytes.length / 8);
    for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(8 * i, true);
    return out;
  }

  const at = (column, run) => (typeof column === "number" ? column : column[run]);

  function grouped(text) {
    const [whole, rest] = text.split(".");
    const said = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return (rest === undefined ? said : said + "." + rest).replace("-", "−");
  }

  // So many digits, at most so many decimals; what is not 0 does not become it.
  function rounded(value, digits, decimals) {
    if (!value) return "0";
    const said = value.toExponential(digits - 1);
    const places = Math.min(Math.max(digits - 1 - Number(said.split("e")[1]), 0), decimals);
    const number = Number(said);
    if (Number(number.toFixed(places)) === 0) {
      const least = Math.pow(10, -decimals).toFixed(decimals);
      return value > 0 ? "<" + least : ">−" + least;
    }
    return grouped(number.toFixed(places));
  }

  function stepOf(value, scale, digits) {
    const size = Math.abs(Number(value.toExponential(digits - 1)));
    return scale.steps.find((step) => size >= step[0]);
  }

  // A number with its unit.
  function said(value, scale, digits) {
    const [, divisor, word] = stepOf(value, scale, digits);
    if (divisor === 1 && scale.one) {
      const whole = rounded(Math.round(value), digits, 0);
      return whole + (whole === "1" ? scale.one : word);
    }
    return rounded(value / divisor, digits, scale.decimals) + word;
  }

  // A change with its sign, and what share of the former number it is, where that says something.
  function changed(value, before, scale, digits, words, share) {
    const change = value - before;
    if (change === 0) return words.no_change;
    const own = share ? { steps: [[0, 0.01, words.percentage]], decimals: 2 } : scale;
    const sign = change > 0 ? "+" : "";
    const text = sign + said(change, own, digits);
    if (share || before === 0) return text;
    const part = rounded((100 * change) / Math.abs(before), 3, 2);
    return text + words.brackets.replace("{text}", sign + part + "%");
  }

  // The run with the codes wanted, or -1; of points that are no grid the nearest, whose choices are those wanted.
  // Distances are shares of the range of each number.
  function find(dimensions, count, wanted, crossed) {
    let best = -1;
    let least = Infinity;
    for (let run = 0; run < count; run++) {
      let distance = 0;
      for (let d = 0; d < dimensions.length; d++) {
        const { codes, positions } = dimensions[d];
        if (codes[run] === wanted[d]) continue;
        if (crossed || !positions) {
          distance = Infinity;
          break;
        }
        const range = positions[positions.length - 1] - positions[0];
        const share = (positions[codes[run]] - positions[wanted[d]]) / range;
        distance += share * share;
      }
      if (distance < least) {
        least = distance;
        best = run;
        if (distance === 0) break;
      }
    }
    return best;
  }

  // Round numbers between two ends, about so many, and the decimals that they have.
  function ticks(low, high, about) {
    const raw = (high - low) / about;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999);
    const exponent = Math.floor(Math.log10(step) + 1e-9);
    const even = Math.abs(step / Math.pow(10, exponent) - 2.5) > 0.1;
    const out = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(k * step);
    return { at: out, decimals: Math.max(0, -exponent + (even ? 0 : 1)) };
  }

  return { decode, at, grouped, rounded, said, stepOf, changed, find, ticks };
})();
