// Bars and lines as SVG. All numbers and words come ready from the server; only places are worked out here.
"use strict";

const SIDES = { base: "#7b8794", a: "#0068a5", b: "#c2500a" };
// By payer in the order of the server, the county's own part in the colour that catches the eye.
const PAYERS = ["#1f4e79", "#5b8db8", "#9cc0dd", "#e0962a", "#b9c0c8"];
const AREAS = ["#4a7c59", "#b5cfb0"];

function svg(name, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function keyed(colour, text, line) {
  const key = document.createElement("span");
  const mark = document.createElement("i");
  if (line) { mark.className = "line"; mark.style.borderTopColor = colour; } else mark.style.background = colour;
  key.append(mark, text);
  return key;
}

// One stacked bar for each setting, on one scale.
function drawBars(figure, title, bars, names, colours) {
  figure.replaceChildren();
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  figure.append(caption);
  const width = Math.max(figure.clientWidth - 28, 240), left = 74, right = 66, step = 34;
  const most = Math.max(...bars.map(bar => bar.total), 1), room = width - left - right;
  const height = step * bars.length + 4;
  const said = bars.map(bar => `${names[bar.side]}: ${bar.parts.map(p => `${p.label} ${p.shown}`).join(", ")}`);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": `${title}. ${said.join(". ")}` });
  bars.forEach((bar, i) => {
    const y = i * step + 4;
    drawing.append(svg("text", { x: 0, y: y + 17, fill: SIDES[bar.side] }, names[bar.side]));
    let x = left;
    for (const part of bar.parts) {
      const wide = room * part.value / most;
      const piece = svg("rect", { x, y, width: Math.max(wide, 0), height: step - 10, fill: colours[part.key] });
      piece.append(svg("title", {}, `${part.label} ${part.shown}`));
      drawing.append(piece);
      if (wide > 7 * part.shown.length + 4) {
        const light = [2, 3, 4].includes(part.key) || (colours === AREAS && part.key === 1);
        const text = svg("text", { x: x + wide / 2, y: y + 17, "text-anchor": "middle", "pointer-events": "none" }, part.shown);
        text.style.fill = light ? "#1d2733" : "#fff";
        drawing.append(text);
      }
      x += wide;
    }
    drawing.append(svg("text", { x: x + 7, y: y + 17 }, bar.shown));
  });
  figure.append(drawing);
  const keys = document.createElement("div");
  keys.className = "keys";
  const seen = new Map(bars.flatMap(bar => bar.parts.map(part => [part.key, part.label])));
  for (const [key, label] of [...seen].sort((one, other) => one[0] - other[0])) keys.append(keyed(colours[key], label));
  figure.append(keys);
}

function rounded(most) {
  const size = 10 ** Math.floor(Math.log10(most / 5));
  return [1, 2, 5, 10].map(k => k * size).find(step => most / step <= 6);
}

function heightAt(line, x) {
  for (let i = 1; i < line.length; i++) {
    const [x0, y0] = line[i - 1], [x1, y1] = line[i];
    if (x <= x1) return x1 === x0 ? y1 : y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  }
  return null;
}

// What a family has over its earner's wage, one line for each setting; under the pointer the amounts.
function drawFamily(box, data, names, words) {
  box.replaceChildren();
  const lines = Object.entries(data.lines);
  if (!lines.length) return;
  const width = Math.max(box.clientWidth, 240), height = 270, left = 62, right = 12, top = 24, bottom = 42;
  const farthest = Math.max(...lines.map(([, line]) => line[line.length - 1][0]));
  const highest = Math.max(...lines.flatMap(([, line]) => line.map(point => point[1])), 1);
  const x = value => left + (width - left - right) * value / farthest;
  const y = value => height - bottom - (height - top - bottom) * value / highest;
  const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": words.family });
  const stepY = rounded(highest), stepX = rounded(farthest * (width < 500 ? 2 : 1));
  for (let v = 0; v <= highest; v += stepY) {
    drawing.append(svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: "#e6eaee" }));
    drawing.append(svg("text", { x: left - 8, y: y(v) + 4, "text-anchor": "end", class: "soft" }, plain.format(v)));
  }
  for (let v = 0; v <= farthest; v += stepX) {
    drawing.append(svg("text", { x: x(v), y: height - bottom + 18, "text-anchor": "middle", class: "soft" }, plain.format(v)));
  }
  drawing.append(svg("text", { x: left - 54, y: 12, class: "soft" }, words.income));
  drawing.append(svg("text", { x: width - right, y: height - 6, "text-anchor": "end", class: "soft" }, words.wage));
  drawing.append(svg("line", { x1: left, x2: width - right, y1: y(0), y2: y(0), stroke: "#9aa4af" }));
  if (data.now <= farthest) {
    drawing.append(svg("line", { x1: x(data.now), x2: x(data.now), y1: top, y2: y(0), stroke: "#9aa4af", "stroke-dasharray": "2 3" }));
    drawing.append(svg("text", { x: x(data.now) + 4, y: top + 10, class: "soft" }, words.now));
  }
  for (const [side, line] of lines) {
    const points = line.map(point => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(" ");
    drawing.append(svg("polyline", {
      points, fill: "none", stroke: SIDES[side], "stroke-width": side === "base" ? 2 : 2.5,
      "stroke-dasharray": { base: "5 3", a: "", b: "9 3" }[side], "stroke-linejoin": "round",
    }));
  }
  const pointer = svg("line", { y1: top, y2: y(0), stroke: "#1d2733", visibility: "hidden" });
  const said = document.createElement("div");
  said.className = "keys";
  const say = wage => {
    said.replaceChildren();
    if (wage !== null) said.append(words.at_wage.replace("{n}", plain.format(wage)));
    for (const [side, line] of lines) {
      const value = wage === null ? null : heightAt(line, wage);
      said.append(keyed(SIDES[side], value === null ? names[side] : `${names[side]} ${plain.format(value)}`, true));
    }
  };
  drawing.append(pointer);
  drawing.addEventListener("pointermove", event => {
    const frame = drawing.getBoundingClientRect();
    const at = (event.clientX - frame.left) * width / frame.width;
    const wage = Math.min(Math.max((at - left) / (width - left - right), 0), 1) * farthest;
    pointer.setAttribute("x1", x(wage));
    pointer.setAttribute("x2", x(wage));
    pointer.setAttribute("visibility", "visible");
    say(wage);
  });
  drawing.addEventListener("pointerleave", () => { pointer.setAttribute("visibility", "hidden"); say(null); });
  say(null);
  box.append(said, drawing);
}
