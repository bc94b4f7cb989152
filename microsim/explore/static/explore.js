// The page: settings are moved, asked for, and the answer is shown. It decides nothing about the law.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words, byName = new Map(data.knobs.map(knob => [knob.name, knob]));
const names = { base: words.base, a: words.a, b: words.b };
const kept = `microsim${location.pathname}`;
const state = Object.assign({ side: "a", a: {}, b: null, family: "" }, JSON.parse(sessionStorage.getItem(kept) || "{}"));
const at = id => document.getElementById(id);
const query = `?lang=${data.lang}`;
let last = null, asking = false, again = false, timer = null;

function made(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(text, act, className) {
  const node = made("button", className, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

function say(text, bad) {
  at("status").textContent = text;
  at("status").className = bad ? "bad" : "";
}

// ------------------------------------------------------------------------------------------------ settings

const value = name => {
  const own = state[state.side];
  return name in own ? own[name] : byName.get(name).value;
};

function move(name, to) {
  const own = state[state.side];
  if (to === byName.get(name).value) delete own[name]; else own[name] = to;
  refresh(name);
  sessionStorage.setItem(kept, JSON.stringify(state));
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
}

function ranged(knob, low, high, step, scale) {
  const slider = made("input"), box = made("input");
  slider.type = "range";
  box.type = "number";
  Object.assign(slider, { min: low / scale, max: high / scale, step: step / scale });
  Object.assign(box, { min: 0, step: "any" });
  slider.setAttribute("aria-label", knob.label);
  box.setAttribute("aria-label", `${knob.label} (${knob.unit})`);
  return [slider, box];
}

// Divided and multiplied again, a number of the page must be the one it was.
const clean = number => Number(number.toPrecision(12));

function numberKnob(knob, node) {
  const [slider, box] = ranged(knob, knob.low, knob.high, knob.step, knob.scale);
  slider.id = `knob-${knob.name}`;
  const row = made("div", "set");
  row.append(slider, box, made("span", "unit", knob.unit));
  const take = input => () => {
    if (input.value !== "" && Number.isFinite(input.valueAsNumber)) move(knob.name, clean(input.valueAsNumber * knob.scale));
  };
  slider.addEventListener("input", take(slider));
  box.addEventListener("change", take(box));
  const monthly = made("small", "monthly");
  let ratio = null, share = null, limit = null;
  if (knob.optional) {
    limit = made("input");
    limit.type = "checkbox";
    limit.id = `limit-${knob.name}`;
    const label = made("label", "", words.set_cap), line = made("div", "set");
    label.htmlFor = limit.id;
    line.append(limit, label);
    node.append(line);
    limit.addEventListener("change", () => {
      const near = Math.round(0.9 * (knob.high / 1.2) / knob.step) * knob.step;
      move(knob.name, limit.checked ? (knob.value === null ? near : knob.value) : null);
    });
  }
  node.append(row);
  if (knob.monthly) node.append(monthly);
  if (knob.whole !== null) {
    [ratio, share] = ranged({ label: knob.ratio, unit: "%" }, knob.low / knob.whole, knob.high / knob.whole, 0.01, 0.01);
    ratio.id = `ratio-${knob.name}`;
    ratio.step = 1;
    ratio.min = Math.ceil(100 * knob.low / knob.whole);
    const line = made("div", "set");
    line.append(ratio, share, made("span", "unit", "%"));
    const set = input => () => {
      if (Number.isFinite(input.valueAsNumber)) move(knob.name, Math.round(input.valueAsNumber * knob.whole) / 100);
    };
    ratio.addEventListener("input", set(ratio));
    share.addEventListener("change", set(share));
    node.append(made("span", "ratio", knob.ratio), line);
  }
  return () => {
    const now = value(knob.name), shown = now === null ? "" : clean(now / knob.scale);
    if (limit) {
      limit.checked = now !== null;
      row.hidden = now === null;
      row.style.display = now === null ? "none" : "";
    }
    slider.value = shown;
    box.value = shown;
    if (knob.monthly) monthly.textContent = words.per_month.replace("{n}", clean(Math.round(now / 12 * 100) / 100));
    if (ratio) {
      ratio.value = 100 * now / knob.whole;
      share.value = Math.round(1000 * now / knob.whole) / 10;
    }
  };
}

function choiceKnob(knob, node) {
  const row = made("div", "set"), select = made("select");
  select.id = `knob-${knob.name}`;
  for (const one of knob.choices) select.append(new Option(one.label, one.value));
  select.addEventListener("change", () => move(knob.name, select.value));
  row.append(select);
  node.append(row);
  return () => { select.value = value(knob.name); };
}

function flagKnob(knob, head) {
  const tick = made("input");
  tick.type = "checkbox";
  tick.id = `knob-${knob.name}`;
  tick.addEventListener("change", () => move(knob.name, tick.checked));
  const set = made("span", "set");
  set.append(tick);
  head.prepend(set);
  return () => { tick.checked = value(knob.name); };
}

const refreshers = new Map(), nodes = new Map();

function build() {
  for (const knob of data.knobs) {
    const node = made("div", "knob"), head = made("div", "head");
    const label = made("label", "", knob.label);
    label.htmlFor = `knob-${knob.name}`;
    node.dataset.name = knob.name;
    head.append(label, made("span", "was", knob.was));
    node.append(head);
    const show = knob.kind === "number" ? numberKnob(knob, node)
      : knob.kind === "choice" ? choiceKnob(knob, node) : flagKnob(knob, head);
    node.append(made("small", "idle"), made("small", "help", knob.help));
    refreshers.set(knob.name, show);
    nodes.set(knob.name, node);
    at("knobs").append(node);
  }
  if (data.absent.length) {
    const list = made("ul");
    for (const one of data.absent) list.append(made("li", "", `${one.label}: ${one.why}`));
    at("absent").append(words.nothing_here, list);
  }
  at("actions").append(
    button(words.save, () => openSave(null), "main"),
    button(words.brief_docx, () => brief("docx")),
    button(words.brief_html, () => brief("html")),
    button(words.reset, () => { state[state.side] = {}; changed(); }, "plain"),
  );
}

function refresh(name) {
  for (const [one, show] of refreshers) {
    if (name && one !== name) continue;
    show();
    nodes.get(one).classList.toggle("moved", one in state[state.side]);
  }
}

function idle() {
  const found = (last && last.idle[state.side]) || (last && last.idle.base) || {};
  for (const [name, node] of nodes) {
    node.querySelector(".idle").textContent = found[name] || "";
    node.classList.toggle("off", name in found);
  }
}

function sides() {
  const tabs = ["a", ...(state.b ? ["b"] : [])].map(side => {
    const tab = button(names[side], () => { state.side = side; changed(); }, side);
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(side === state.side));
    tab.id = `side-${side}`;
    return tab;
  });
  const other = state.b
    ? button(words.drop_b, () => { state.b = null; state.side = "a"; changed(); }, "plain")
    : button(words.add_b, () => { state.b = { ...state.a }; state.side = "b"; changed(); }, "plain");
  other.id = "other-side";
  at("sides").replaceChildren(...tabs, other);
  at("settings").style.setProperty("--side", `var(--${state.side})`);
}

// Another side, or a whole setting, has been chosen.
function changed() {
  sessionStorage.setItem(kept, JSON.stringify(state));
  sides();
  refresh();
  idle();
  ask();
}

// ------------------------------------------------------------------------------------------------- answers

async function post(what, body) {
  return fetch(what + query, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
}

async function ask() {
  if (asking) { again = true; return; }
  asking = true;
  at("results").classList.add("busy");
  say(words.busy);
  try {
    const reply = await post("answer", { a: state.a, b: state.b, family: state.family });
    const found = await reply.json();
    if (!reply.ok) say(found.error, true);
    else if (!again) {
      last = found;
      show();
      say(found.took);
    }
  } catch (error) {
    say(words.gone, true);
  }
  asking = false;
  if (again) { again = false; ask(); } else at("results").classList.remove("busy");
}

function show() {
  const shown = ["base", "a", "b"].filter(side => side in last.rows[1].cells);
  at("tiles").replaceChildren(...last.tiles.map(tile => {
    const node = made("div"), big = made("div", "big", tile.cells.a.value);
    big.append(" ", made("span", "", tile.unit));
    node.dataset.name = tile.name;
    node.append(made("h3", "", tile.label), big);
    for (const side of shown.slice(1)) {
      const line = made("p", side);
      line.append(made("b", "", names[side]), `${side === "a" ? "" : tile.cells[side].value + " "}${brackets(tile.cells[side].change)}`);
      node.append(line);
    }
    const was = made("p");
    was.append(made("span", "", words.base), tile.cells.base.value);
    node.append(was);
    return node;
  }));
  figures(shown);
  const empty = last.no_payers && !last.payers[0].parts.length;
  drawBars(at("payers"), empty ? last.no_payers : words.payers, empty ? [] : last.payers, names, PAYERS);
  drawBars(at("caseload"), words.caseload, last.caseload, names, AREAS);
  family();
  idle();
}

const brackets = text => data.lang === "zh" ? `（${text}）` : `(${text})`;

function figures(shown) {
  const table = made("table"), head = made("tr"), body = made("tbody"), top = made("thead");
  head.append(made("th", "", words.figure));
  for (const side of shown) {
    const cell = made("th", `n ${side}`, side === "base" ? names[side] : `${names[side]} ${brackets(words.change)}`);
    head.append(cell);
  }
  for (const row of last.rows) {
    const line = made("tr", row.heading ? "heading" : row.part ? "part" : "");
    if (row.heading) {
      const cell = made("th", "", row.heading);
      cell.colSpan = shown.length + 1;
      line.append(cell);
    } else {
      line.dataset.name = row.name;
      const label = made("td", "", row.label);
      label.append(" ", made("span", "unit", row.unit));
      line.append(label);
      for (const side of shown) {
        const cell = made("td", `n ${side}`, row.cells[side].value);
        if (side !== "base") cell.append(" ", made("span", "delta", row.cells[side].change));
        line.append(cell);
      }
    }
    body.append(line);
  }
  top.append(head);
  table.append(top, body);
  at("figures").replaceChildren(table, made("p", "note", words.digits));
}

function family() {
  const top = made("div", "top"), box = made("div");
  top.append(made("figcaption", "", words.family));
  if (data.families.length) {
    const select = made("select");
    select.id = "which";
    select.setAttribute("aria-label", words.which);
    for (const one of data.families) select.append(new Option(one.label, one.name));
    select.value = state.family;
    select.addEventListener("change", () => { state.family = select.value; changed(); });
    top.append(select);
  }
  at("family").replaceChildren(top, box, ...last.family.texts.map(text => made("p", "", text)));
  drawFamily(box, last.family, names, words);
}

// ---------------------------------------------------------------------------------------- saving and briefs

// ``then``: what is done once the setting is saved.
function openSave(then) {
  const side = state.side, settings = { ...state[side] }, dialog = at("save");
  const form = made("form"), title = made("input"), file = made("input"), said = made("p", "said");
  let replace = false;
  title.id = "save-title";
  file.id = "save-file";
  title.value = last ? last.titles[side] : "";
  file.value = `${data.file}${side}`;
  const labelled = (text, input) => {
    const label = made("label", "", text);
    label.htmlFor = input.id;
    return label;
  };
  const done = button(words.do_save, () => form.requestSubmit(), "main");
  done.id = "save-done";
  file.addEventListener("input", () => { replace = false; done.textContent = words.do_save; said.textContent = ""; });
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const reply = await post("save", { settings, title: title.value, name: file.value, replace }).catch(() => null);
    if (!reply) { said.textContent = words.gone; return; }
    const answer = await reply.json();
    if (reply.ok) {
      dialog.close();
      say(answer.text);
      if (then) then();
    } else {
      said.textContent = answer.error;
      replace = reply.status === 409;
      done.textContent = replace ? words.do_replace : words.do_save;
    }
  });
  const buttons = made("div", "buttons");
  buttons.append(button(words.cancel, () => dialog.close()), done);
  form.append(
    made("h2", "", `${words.save} – ${names[side]}`), ...(then ? [made("p", "", words.save_first)] : []),
    labelled(words.title, title), title, labelled(words.file, file), file, made("small", "", data.folder), said, buttons,
  );
  dialog.replaceChildren(form);
  dialog.showModal();
}

async function brief(format) {
  const settings = { ...state[state.side] };
  say(words.writing);
  const reply = await post("brief", { settings, format }).catch(() => null);
  if (!reply) { say(words.gone, true); return; }
  if (!reply.ok) {
    const answer = await reply.json();
    if (answer.unsaved) { say(""); openSave(() => brief(format)); } else say(answer.error, true);
    return;
  }
  const link = made("a"), name = decodeURIComponent(reply.headers.get("X-File-Name"));
  link.href = URL.createObjectURL(await reply.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(words.downloaded.replace("{file}", name));
}

// A setting that was kept from before may have knobs that are no more.
for (const side of ["a", "b"]) {
  for (const name of Object.keys(state[side] || {})) if (!byName.has(name)) delete state[side][name];
}
if (state.side === "b" && !state.b) state.side = "a";
if (!data.families.some(one => one.name === state.family)) state.family = data.families.length ? data.families[0].name : "";
build();
changed();
let drawn = window.innerWidth;
window.addEventListener("resize", () => { if (last && drawn !== window.innerWidth) { drawn = window.innerWidth; show(); } });
