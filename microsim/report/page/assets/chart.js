// Dots on two axes, as inline SVG. What lies between the dots was not computed, so nothing joins them.
const chart = (() => {
  const HEIGHT = 300, TOP = 34, BOTTOM = 46, RIGHT = 18;

  function make(name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // About how wide a text of 12 px is.
  const wide = (text) => Array.from(text).reduce((sum, one) => sum + (one > "\u2e7f" ? 12.5 : 6.8), 0);

  const short = (text, room) => {
    let kept = text;
    while (kept.length > 1 && wide(kept) > room) kept = kept.slice(0, -1);
    return kept === text ? text : kept.slice(0, -1) + "…";
  };

  // dots: [{x, y, label, run, chosen, kept}] with y NaN where a point has no figure; base: NaN for none.
  // names: of x where it is no number; scale: how y is written.
  function draw(host, { dots, base, baseWord, names, axis, scale, digits, title, missing, pick }) {
    const width = Math.max(host.clientWidth || 640, 280);
    const svg = make("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img" });
    svg.append(make("title", {}, title));
    const known = dots.map((dot) => dot.y).concat(base).filter((y) => !isNaN(y));
    const ends = known.length ? known : [0, 1];
    let low = ends.reduce((a, b) => Math.min(a, b));
    let high = ends.reduce((a, b) => Math.max(a, b));
    const room = high > low ? (high - low) * 0.08 : Math.abs(high) * 0.05 || 1;
    low = low >= 0 ? Math.max(0, low - room) : low - room;
    high += room;
    const [, divisor, word] = figures.stepOf(Math.max(Math.abs(low), Math.abs(high)), scale, digits);
    const rows = figures.ticks(low / divisor, high / divisor, 4);
    const labels = rows.at.map((value) => figures.grouped(value.toFixed(rows.decimals)));
    const left = 14 + labels.reduce((most, label) => Math.max(most, wide(label)), 20);
    const y = (value) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
    const xs = dots.map((dot) => dot.x);
    const first = names ? -0.5 : Math.min(...xs);
    const last = names ? names.length - 0.5 : Math.max(...xs);
    const inner = width - left - RIGHT - 24;
    const x = (value) => left + 12 + (last > first ? (value - first) / (last - first) : 0.5) * inner;
    rows.at.forEach((value, k) => {
      const height = y(value * divisor);
      svg.append(make("line", { class: "rule", x1: left, x2: width - RIGHT, y1: height, y2: height }));
      svg.append(make("text", { x: left - 6, y: height + 4, "text-anchor": "end" }, labels[k]));
    });
    svg.append(make("text", { class: "unit", x: 2, y: 14 }, word.trim()));
    const places = names ? names.map((name, k) => [k, name]) : numbersAlong(xs, first, last, inner);
    const each = inner / Math.max(places.length, 1);
    const every = names ? Math.max(1, Math.ceil((48 * places.length) / inner)) : 1;
    places.forEach(([value, name], k) => {
      if (k % every) return;
      const label = make("text", { x: x(value), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" });
      label.append(short(name, each * every - 6), make("title", {}, name));
      svg.append(label);
    });
    svg.append(make("text", { class: "unit", x: width - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, axis));
    if (!isNaN(base)) {
      const height = y(base);
      svg.append(make("line", { class: "base", x1: left, x2: width - RIGHT, y1: height, y2: height }));
      const label = { class: "base", x: width - RIGHT, y: height - 6, "text-anchor": "end" };
      svg.append(make("text", label, baseWord));
    }
    const size = dots.length > 400 ? 2 : dots.length > 60 ? 3 : 5;
    const order = dots.filter((dot) => !dot.chosen).concat(dots.filter((dot) => dot.chosen));
    // What is written at the chosen dot is below the dots, so that it hides none.
    for (const dot of dots) {
      if (!dot.chosen || isNaN(dot.y)) continue;
      const side = x(dot.x) < left + 60 ? "start" : x(dot.x) > width - RIGHT - 60 ? "end" : "middle";
      const label = { class: "value", x: x(dot.x), y: y(dot.y) - 13, "text-anchor": side };
      svg.append(make("text", label, figures.said(dot.y, scale, digits)));
    }
    for (const dot of order) {
      const kind = (dot.chosen ? "chosen" : dot.kept ? "kept" : "dot") + (isNaN(dot.y) ? " missing" : "");
      const mark = isNaN(dot.y)
        ? make("text", { class: kind, x: x(dot.x), y: HEIGHT - BOTTOM - 6, "text-anchor": "middle" }, "×")
        : make("circle", { class: kind, cx: x(dot.x), cy: y(dot.y), r: dot.chosen || dot.kept ? 7 : size });
      const said = isNaN(dot.y) ? missing : figures.said(dot.y, scale, digits);
      mark.append(make("title", {}, `${dot.label} ${said}`));
      mark.addEventListener("click", () => pick(dot.run));
      svg.append(mark);
    }
    host.replaceChildren(svg);
  }

  // The places of labels along numbers: the values themselves where there is room, else round numbers.
  function numbersAlong(xs, first, last, inner) {
    const own = Array.from(new Set(xs)).sort((a, b) => a - b);
    const plain = (value) => figures.grouped(String(Number(value.toPrecision(7))));
    const room = own.reduce((sum, value) => sum + wide(plain(value)) + 14, 0);
    if (own.length < 2 || room <= inner) return own.map((value) => [value, plain(value)]);
    const found = figures.ticks(first, last, Math.max(2, Math.floor(inner / 62)));
    return found.at.map((value) => [value, figures.grouped(value.toFixed(found.decimals))]);
  }

  return { draw };
})();
