"use strict";
const element = id => document.getElementById(id);
const whole = new Intl.NumberFormat("en");
const words = {flowing: "rows are flowing", quiet: "no rows are moving", trouble: "something is wrong"};

// make returns an element with a text, which is never parsed as HTML.
function make(tag, kind, text) {
  const e = document.createElement(tag);
  if (kind) e.className = kind;
  if (text !== undefined) e.textContent = text;
  return e;
}

// say changes a text only if it differs: a screen reader would read it again.
function say(e, text) { if (e.textContent !== text) e.textContent = text; }

const perSecond = n => n === 0 ? "0" : n < 10 ? n.toFixed(1) : whole.format(Math.round(n));

function draw(svg, rates) {
  const most = Math.max(1, ...rates), step = 120 / 59;
  const points = rates.map((r, i) => [120 - (rates.length - 1 - i) * step, 27 - 26 * r / most].map(n => n.toFixed(1)).join(" "));
  const line = points.length ? "M" + points.join("L") : "";
  svg.querySelector(".line").setAttribute("d", line);
  svg.querySelector(".area").setAttribute("d", line && line + "L120 28L" + points[0].split(" ")[0] + " 28Z");
}

// cell shows one value of a row; a row may hold anything.
function cell(name, value) {
  const e = make("span");
  const text = typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4)
    : typeof value === "object" ? JSON.stringify(value) : String(value);
  e.append(make("b", "", name), text);
  return e;
}

function row(r) {
  const e = make("li");
  let fields;
  try { fields = JSON.parse(r.text); } catch { /* it isn't JSON: show it as it is */ }
  if (fields && typeof fields === "object" && !Array.isArray(fields)) {
    for (const [name, value] of Object.entries(fields)) e.append(cell(name, value));
  } else {
    e.append(make("span", "raw", r.text));
  }
  if (r.where) e.append(make("span", "where", r.where));
  return e;
}

function showRows(h) {
  const list = element("rows-" + h.name), key = JSON.stringify(h.last);
  if (!list || list.dataset.key === key) return; // Flink keeps no rows
  list.dataset.key = key;
  list.replaceChildren(...(h.last.length ? h.last.map(row) : [make("li", "none", "none yet")]));
}

function flag(station, text, good) {
  const e = station.querySelector(".flag");
  e.hidden = !text;
  e.classList.toggle("good", good);
  say(e, text);
}

function showHop(h, expected) {
  const station = element("at-" + h.name);
  station.classList.toggle("absent", h.absent);
  say(station.querySelector(".rows"), whole.format(h.rows));
  say(station.querySelector(".persecond"), perSecond(h.rate));
  const of = expected ? "of " + whole.format(expected) + " expected" : "";
  say(station.querySelector(".note"), [h.absent ? "" : of, h.behind ? whole.format(h.behind) + " behind Kafka" : "", h.note].filter(Boolean).join(" · "));
  draw(station.querySelector(".spark"), h.history);
  const passed = h.check && h.check.outcome === "passed";
  flag(station, passed && !h.wrong ? "check passed" : "", true);
  showRows(h);
}

// mark shows at each station whether rows arrive, and what is wrong there.
function mark(s) {
  const hops = Object.fromEntries(s.hops.map(h => [h.name, h]));
  const parts = Object.fromEntries(s.components.map(c => [c.name, c]));
  const first = {};
  for (const p of s.problems) first[p.where] ??= p.text;
  for (const station of document.querySelectorAll(".station")) {
    const own = station.id.slice(3), followed = hops[station.dataset.follows];
    const mine = station.dataset.parts.split(" ").filter(p => parts[p]);
    const ill = mine.find(p => parts[p].error);
    const wrong = Boolean(ill || first[own]);
    station.classList.toggle("wrong", wrong);
    station.classList.toggle("moving", Boolean(followed && followed.rate > 0 && !wrong));
    if (wrong) flag(station, ill ? ill + " has failed" : first[own], false);
    else if (!hops[own]) flag(station, "", false);
    if (own === "dashboards") {
      station.classList.toggle("absent", !mine.length);
      say(station.querySelector(".what"), mine.length ? "show the index" : "not in this run");
    }
  }
}

function showProblems(list) {
  const key = JSON.stringify(list), place = element("problems");
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  element("trouble").hidden = !list.length;
  place.replaceChildren(...list.map(p => {
    const e = make("li");
    const text = make("span", "text", p.text);
    if (p.text.length > 600) text.tabIndex = 0; // it scrolls, also by keyboard
    e.append(make("strong", "", p.where + ": "), text);
    if (p.hint) e.append(make("span", "hint", "Next: " + p.hint));
    return e;
  }));
}

function check(c) {
  const e = make("li", c.outcome);
  e.append(make("b", "", c.outcome), make("span", "", c.points + "/" + c.max), make("span", "", c.title));
  return e;
}

// showWork shows a student's checks, and why the first one failed.
function showWork(w) {
  const place = element("work"), key = JSON.stringify(w);
  if (!place || !w || place.dataset.key === key) return;
  place.dataset.key = key;
  say(element("points"), w.points + " of " + w.most + " points");
  const list = w.checks.filter(c => c.outcome !== "skipped").map(check);
  if (w.skipped) list.push(make("li", "none", w.skipped + " skipped, until the failed one has passed"));
  if (w.now) list.push(make("li", "none", "now: " + w.now));
  element("checks").replaceChildren(...(list.length ? list : [make("li", "none", "none yet")]));
  const first = w.checks.find(c => c.outcome === "failed" || c.outcome === "error") || {};
  const cause = [["why", first.reason], ["expected", first.expected], ["actual", first.actual], ["hint", w.hint]];
  element("cause").replaceChildren(...cause.filter(c => c[1]).flatMap(c => [make("dt", "", c[0]), make("dd", "", c[1])]));
  say(element("next"), w.next);
}

function show(s) {
  document.body.dataset.state = s.state;
  document.body.dataset.link = "up";
  element("lost").hidden = true;
  say(element("state"), s.state === "trouble" && s.problems.length > 1 ? s.problems.length + " things are wrong" : words[s.state]);
  for (const h of s.hops) showHop(h, s.expected);
  showWork(s.work);
  mark(s);
  showProblems(s.problems);
  say(element("parts"), s.components.map(c => c.name + " " + c.phase).join(", ") || "not part of this run");
  say(element("seen"), "Last update: " + s.at.slice(11, 19) + " UTC");
}

function lost() {
  document.body.dataset.link = "lost";
  say(element("state"), "not connected");
  say(element("lost"), "'lab watch' doesn't answer. The numbers are from before; this page reconnects as soon as it answers.");
  element("lost").hidden = false;
}

// The browser reconnects by itself, except after an error status. A page that isn't
// visible doesn't listen.
let source, again;
function listen() {
  clearTimeout(again);
  if (source) source.close();
  source = new EventSource("events");
  source.onmessage = e => show(JSON.parse(e.data));
  source.onerror = () => {
    lost();
    if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, 3000);
  };
}
document.addEventListener("visibilitychange", () => {
  clearTimeout(again);
  if (document.hidden) { if (source) source.close(); } else listen();
});
if (!document.hidden) listen();
