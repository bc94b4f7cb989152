// The page: controls choose a run, everything else shows it. Texts are set as text, never as HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, digits, dimensions, count } = data;
  const byId = (id) => document.getElementById(id);
  const columns = data.columns.map(figures.decode);
  const reasons = new Map();
  data.failed.forEach((one) => one.runs.forEach((run) => reasons.set(run, one.reason)));
  const ROWS = 20;
  const state = { run: data.start, wanted: codesOf(data.start), kept: -1, figure: 0, along: 0, page: 0 };
  state.sort = { key: "number", down: false };
  const key = data.figures.filter((one) => one.key);

  function codesOf(run) {
    return dimensions.map((one) => one.codes[run]);
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const valueOf = (figure, run) => (reasons.has(run) ? NaN : figures.at(columns[figure.column], run));
  const baseOf = (figure, run) => figures.at(columns[figure.base], data.base_of[run]);
  const numberOf = (run) => data.numbers[run % data.numbers.length];
  const nameOf = (figure) => [figure.measure, figure.subject].filter(Boolean).join(" · ");
  const longName = (figure) =>
    nameOf(figure) + (figure.group ? fill(words.brackets, { text: data.areas[figure.group] }) : "");

  function make(name, properties, ...children) {
    const element = document.createElement(name);
    for (const [property, value] of Object.entries(properties || {})) {
      if (property in element && property !== "list") element[property] = value;
      else element.setAttribute(property, value);
    }
    element.append(...children);
    return element;
  }

  // A number as it is shown, with the exact one under the pointer.
  function shown(figure, value, run) {
    if (isNaN(value)) return make("span", { className: "none" }, reasons.has(run) ? words.not_computed : words.none);
    const text = figures.said(value, data.scales[figure.unit], digits);
    return make("span", { title: `${value} ${figure.unit}`.trim() }, text);
  }

  function changeOf(figure, value, before) {
    if (isNaN(value)) return make("span", { className: "none" }, "—");
    if (isNaN(before)) return make("span", { className: "none" }, words.no_base);
    const scale = data.scales[figure.unit];
    const text = figures.changed(value, before, scale, digits, words, figure.unit === "1");
    const kind = value > before ? "up" : value < before ? "down" : "same";
    return make("span", { className: kind, title: String(value - before) }, text);
  }

  function settingOf(run) {
    const parts = [];
    dimensions.forEach((one) =>
      one.values[one.codes[run]].forEach((value, k) => parts.push(one.labels[k] + words.colon + value))
    );
    return parts.join(words.comma);
  }

  // Controls: a slider for numbers, a list for all else.
  const controls = dimensions.map((one, d) => {
    const id = `control-${d}`;
    const name = one.labels.join(words.comma);
    const output = make("output", {});
    output.setAttribute("for", id);
    const near = make("p", { className: "near", hidden: true });
    let input;
    let inner;
    if (one.positions) {
      input = make("input", { id, type: "range", min: 0, max: one.values.length - 1, step: 1 });
      const step = (by, sign, label) => {
        const button = make("button", { type: "button", "aria-label": `${name}${words.colon}${label}` }, sign);
        button.addEventListener("click", () => {
          choose(d, Math.min(Math.max(state.wanted[d] + by, 0), one.values.length - 1));
        });
        return button;
      };
      inner = make("div", { className: "slide" }, step(-1, "−", words.less), input, step(1, "+", words.more));
    } else {
      const options = one.values.map((value, k) => make("option", { value: k }, value.join(words.comma)));
      input = make("select", { id }, ...options);
      inner = input;
    }
    input.addEventListener(one.positions ? "input" : "change", () => choose(d, Number(input.value)));
    const linked = one.labels.length > 1;
    const label = make("label", {}, linked ? words.linked : name);
    if (linked) input.setAttribute("aria-label", name);
    label.setAttribute("for", id);
    const heads = one.positions ? [label, output] : [label];
    const base = one.bases.map((value, k) => (linked ? one.labels[k] + words.colon : "") + value).join(words.comma);
    const about = one.bases.includes(null) ? [] : [make("p", { className: "near" }, fill(words.base_value, { value: base }))];
    byId("controls").append(make("div", { className: "control" }, ...heads, inner, near, ...about));
    return { one, input, output, near };
  });

  function choose(d, code) {
    const wanted = state.wanted.slice();
    wanted[d] = code;
    const run = figures.find(dimensions, count, wanted, data.crossed);
    if (run < 0) return;
    state.wanted = wanted;
    state.run = run;
    show();
  }

  function pick(run) {
    state.run = run;
    state.wanted = codesOf(run);
    show();
  }

  function showControls() {
    controls.forEach(({ one, input, output, near }, d) => {
      const wanted = one.values[state.wanted[d]];
      const names = (values) =>
        values.length > 1 ? values.map((value, k) => one.labels[k] + words.colon + value).join("\n") : values[0];
      input.value = state.wanted[d];
      output.textContent = names(wanted);
      if (one.positions) input.setAttribute("aria-valuetext", names(wanted));
      const real = one.codes[state.run];
      near.hidden = real === state.wanted[d];
      near.textContent = fill(words.nearest, { value: one.values[real].join(words.comma) });
    });
  }

  function showSetting() {
    const point = (run) => `${words.point} ${numberOf(run)}${dimensions.length ? words.colon : ""}`;
    byId("setting").replaceChildren(make("b", {}, point(state.run)), settingOf(state.run));
    if (reasons.has(state.run)) {
      const text = fill(words.nothing_here, { reason: reasons.get(state.run) });
      byId("setting").append(make("span", { className: "failed" }, text));
    }
    const kept = state.kept >= 0;
    byId("kept").hidden = byId("drop").hidden = !kept;
    if (kept) byId("kept").replaceChildren(make("b", {}, words.kept + words.colon), settingOf(state.kept));
  }

  function showCards() {
    const cards = key.map((figure) => {
      const value = valueOf(figure, state.run);
      const lines = [
        make("span", { className: "name" }, nameOf(figure)),
        make("strong", {}, shown(figure, value, state.run)),
        make("span", { className: "beside" }, words.change + " ", changeOf(figure, value, baseOf(figure, state.run))),
      ];
      if (state.kept >= 0) {
        const change = changeOf(figure, value, valueOf(figure, state.kept));
        lines.push(make("span", { className: "beside" }, words.from_kept + " ", change));
      }
      return make("div", { className: "card" }, ...lines);
    });
    byId("cards").replaceChildren(...cards);
  }

  const axes = dimensions.map((_, d) => d).filter((d) => data.crossed || dimensions[d].positions);

  function showChart() {
    const figure = data.figures[state.figure];
    const one = dimensions[state.along];
    if (!figure || !one) {
      byId("chart").closest("figure").hidden = true;
      return;
    }
    const others = codesOf(state.run);
    const fixed = dimensions.map((other, d) => d !== state.along && (data.crossed || !other.positions));
    const dots = [];
    for (let run = 0; run < count; run++) {
      if (dimensions.some((other, d) => fixed[d] && other.codes[run] !== others[d])) continue;
      const code = one.codes[run];
      dots.push({
        x: one.positions ? one.positions[code] : code,
        y: valueOf(figure, run),
        label: one.values[code].join(words.comma),
        run,
        chosen: run === state.run,
        kept: run === state.kept,
      });
    }
    const beside = baseOf(figure, state.run);
    const base = dots.every((dot) => baseOf(figure, dot.run) === beside) ? beside : NaN;
    const scale = data.scales[figure.unit];
    const unit = one.positions && one.units[0] ? fill(words.brackets, { text: one.units[0] }) : "";
    const title = fill(words.chart, { figure: longName(figure), axis: one.labels[0] });
    chart.draw(byId("chart"), {
      dots,
      base,
      baseWord: isNaN(base) ? "" : `${words.base} ${figures.said(base, scale, digits)}`,
      names: one.positions ? null : one.values.map((value) => value.join(words.comma)),
      axis: one.labels[0] + unit,
      scale,
      digits,
      title,
      missing: words.not_computed,
      pick,
    });
    byId("caption").textContent = data.crossed ? words.held : words.scattered;
  }

  const cell = (content, kind) => make("td", kind ? { className: kind } : {}, content);
  const head = (text, kind) => make("th", { scope: "col", className: kind || "" }, text);

  function showFigures() {
    const group = byId("area").value;
    const zero = byId("zero").checked;
    const kept = state.kept >= 0;
    const heads = [head(""), head(words.base, "number base"), head(words.this, "number"), head(words.change, "number change")];
    if (kept) heads.push(head(words.kept, "number"), head(words.from_kept, "number change"));
    const body = [];
    let measure = "";
    for (const figure of data.figures) {
      if (figure.group !== group || (!zero && isZero(figure))) continue;
      if (figure.measure !== measure) {
        measure = figure.measure;
        body.push(make("tr", { className: "measure" }, make("th", { colSpan: heads.length, scope: "rowgroup" }, measure)));
      }
      const value = valueOf(figure, state.run);
      const base = baseOf(figure, state.run);
      const cells = [
        make("th", { scope: "row" }, figure.subject || figure.measure),
        cell(isNaN(base) ? make("span", { className: "none" }, "—") : shown(figure, base), "number base"),
        cell(shown(figure, value, state.run), "number this"),
        cell(changeOf(figure, value, base), "number change"),
      ];
      if (kept) {
        const other = valueOf(figure, state.kept);
        cells.push(cell(shown(figure, other, state.kept), "number"), cell(changeOf(figure, value, other), "number change"));
      }
      body.push(make("tr", {}, ...cells));
    }
    byId("figures").replaceChildren(make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
  }

  function isZero(figure) {
    const all = (column) => typeof columns[column] === "number" && columns[column] === 0;
    return all(figure.column) && (all(figure.base) || isNaN(baseOf(figure, 0)));
  }

  // The table of all points: what is sorted by is the number, a dimension, or a figure.
  const ordered = Array.from({ length: count }, (_, run) => run);
  const keyOf = (name, run) => {
    if (name === "number") return run;
    const [kind, k] = name.split(":");
    return kind === "axis" ? dimensions[k].codes[run] : valueOf(key[k], run);
  };

  function sort() {
    const { key: name, down } = state.sort;
    ordered.sort((a, b) => {
      const [first, second] = [keyOf(name, a), keyOf(name, b)];
      if (isNaN(first) || isNaN(second)) return isNaN(first) - isNaN(second) || a - b;
      return (down ? second - first : first - second) || a - b;
    });
  }

  function showPoints() {
    const sorted = (name, text, kind) => {
      const button = make("button", { type: "button" }, text);
      const same = state.sort.key === name;
      button.addEventListener("click", () => {
        state.sort = { key: name, down: same && !state.sort.down };
        state.page = 0;
        sort();
        showPoints();
      });
      const order = same ? (state.sort.down ? "descending" : "ascending") : "none";
      return make("th", { scope: "col", className: kind || "", "aria-sort": order }, button);
    };
    const heads = [sorted("number", words.point, "number")];
    dimensions.forEach((one, d) =>
      one.labels.forEach((label) => heads.push(sorted(`axis:${d}`, label, one.positions ? "number" : "")))
    );
    key.forEach((figure, k) => heads.push(sorted(`figure:${k}`, nameOf(figure), "number")));
    const first = state.page * ROWS;
    const rows = ordered.slice(first, first + ROWS).map((run) => {
      const button = make("button", { type: "button", className: "pick" }, String(numberOf(run)));
      button.addEventListener("click", () => pick(run));
      const cells = [cell(button, "number")];
      dimensions.forEach((one) =>
        one.values[one.codes[run]].forEach((value) => cells.push(cell(value, one.positions ? "number" : "")))
      );
      key.forEach((figure) => cells.push(cell(shown(figure, valueOf(figure, run), run), "number")));
      return make("tr", { className: run === state.run ? "chosen" : "" }, ...cells);
    });
    byId("points").replaceChildren(make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    const last = Math.min(first + ROWS, count);
    byId("where").textContent = fill(words.page, { from: first + 1, to: last, all: figures.grouped(String(count)) });
    byId("earlier").disabled = first === 0;
    byId("later").disabled = last === count;
    byId("pages").hidden = count <= ROWS;
  }

  function turn(by) {
    state.page += by;
    showPoints();
  }

  function show() {
    showControls();
    showSetting();
    showCards();
    showChart();
    showFigures();
    showPoints();
  }

  // What stays: lists to choose from, and what they do.
  const groups = Array.from(new Set(data.figures.map((figure) => figure.group)));
  byId("area").append(...groups.sort((a, b) => (a !== "") - (b !== "")).map((group) =>
    make("option", { value: group }, group ? data.areas[group] : words.county)
  ));
  byId("area-choice").hidden = groups.length < 2;
  byId("zero-choice").hidden = !data.figures.some(isZero);
  const list = data.figures.map((figure, k) => [figure, k]).filter(([figure]) => !isZero(figure));
  list.sort((a, b) => b[0].key - a[0].key || (a[0].group !== "") - (b[0].group !== "") || a[1] - b[1]);
  byId("figure").append(...list.map(([figure, k]) => make("option", { value: k }, longName(figure))));
  byId("along").append(...axes.map((d) => make("option", { value: d }, dimensions[d].labels.join(words.comma))));
  state.figure = list.length ? list[0][1] : 0;
  const numeric = axes.filter((d) => dimensions[d].positions);
  state.along = axes.length ? numeric.concat(axes)[0] : -1;
  byId("along").value = state.along;
  const chooses = (id, what) =>
    byId(id).addEventListener("change", () => {
      if (what) state[what] = Number(byId(id).value);
      show();
    });
  chooses("figure", "figure");
  chooses("along", "along");
  chooses("area");
  chooses("zero");
  byId("keep").addEventListener("click", () => {
    state.kept = state.run;
    show();
  });
  byId("drop").addEventListener("click", () => {
    state.kept = -1;
    show();
  });
  byId("earlier").addEventListener("click", () => turn(-1));
  byId("later").addEventListener("click", () => turn(1));
  window.addEventListener("resize", showChart);
  byId("keep").hidden = count < 2;
  byId("choose").hidden = !dimensions.length;
  show();
})();
