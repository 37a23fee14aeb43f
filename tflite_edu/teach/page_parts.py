"""The style sheet and the script of the page that shows a `Diagram`."""

from __future__ import annotations

STYLE = """\
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --soft: #5c5c5c;
  --edge: #c9ccd3; --panel: #f6f7f9; --accent: #0063a3; }
/*light*/@media (prefers-color-scheme: dark) {
:root { --paper: #16181d; --ink: #ececec; --soft: #a3a7b0; --edge: #3b3f48; --panel: #20242c;
  --accent: #6cc0f5; }
/*dark*/}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--paper); color: var(--ink);
  font: 15px/1.45 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif; }
header { padding: 14px 20px 8px; border-bottom: 1px solid var(--edge); }
h1 { font-size: 19px; margin: 0 0 10px; }
.controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
button { font: inherit; padding: 4px 11px; color: inherit; background: var(--panel);
  border: 1px solid var(--edge); border-radius: 6px; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#status { margin-left: 8px; }
#trail { margin-top: 8px; min-height: 1.4em; }
#trail button { padding: 0 4px; border: 0; background: none; color: var(--accent);
  text-decoration: underline; }
main { flex: 1; display: flex; flex-direction: column; min-width: 0; }
#pictures { flex: 1; min-width: 0; overflow: auto; padding: 8px; }
#pictures svg { display: block; margin: auto; }
aside { position: sticky; bottom: 0; max-height: 38vh; overflow: auto; padding: 10px 20px;
  background: var(--panel); border-top: 1px solid var(--edge); overflow-wrap: anywhere; }
aside h2 { font-size: 16px; margin: 0 0 6px; white-space: pre-line; }
aside p { margin: 3px 0; white-space: pre-wrap; }
aside button { float: right; }
aside .lines { columns: 34em; }
aside .lines p { break-inside: avoid; }
footer { padding: 6px 20px 12px; border-top: 1px solid var(--edge); }
footer p { margin: 4px 0 0; color: var(--soft); font-size: 13px; }
.tf-diagram .node { cursor: pointer; }
.tf-diagram .node:hover .shape, .tf-diagram .opened .shape { stroke-width: 3; }
.tf-diagram .node:focus { outline: none; }
.tf-diagram .node:focus-visible .shape { stroke: var(--accent); stroke-width: 4; }
.tf-diagram .outside { opacity: .55; }
.tf-diagram .waiting { opacity: .28; }
.tf-diagram .active .shape { stroke-width: 4; }
.tf-diagram .edge.active .line { stroke-width: 3; }
.tf-diagram .unknown { visibility: hidden; }
@media print { .controls, aside button, footer p { display: none; } }
"""

# A position counts the steps that are done: 0 is before the first, `total` shows all.
SCRIPT = """\
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const sections = new Map();
for (const section of document.querySelectorAll("section"))
  sections.set(section.dataset.scope, section);
let scope = "", position = 0, timer = null;

const steps = () => data.pictures[scope];
const total = () => steps().forward.length + steps().backward.length;
const firstLine = (name) => data.details[name][0].replace(/\\n/g, " ");

function step(place) {
  // The node of a step, and whether it is of the backward pass.
  const { forward, backward } = steps();
  return place <= forward.length
    ? { name: forward[place - 1], backward: false }
    : { name: backward[place - 1 - forward.length], backward: true };
}

function draw() {
  const { forward, backward } = steps();
  const all = position === total();
  const done = new Set(forward.slice(0, position));
  const passedOn = new Set(backward.slice(0, Math.max(0, position - forward.length)));
  const ordered = new Set([...forward, ...backward]);
  const now = position > 0 ? step(position) : null;
  const section = sections.get(scope);
  for (const node of section.querySelectorAll(".node")) {
    const name = node.dataset.name;
    node.classList.toggle("waiting", !all && ordered.has(name) && !done.has(name));
    node.classList.toggle("active", now !== null && playing() && now.name === name);
  }
  for (const edge of section.querySelectorAll(".edge")) {
    const { source, target } = edge.dataset;
    const known = all || done.has(source) || !ordered.has(source);
    const gradient = all || passedOn.has(target);
    edge.classList.toggle("waiting", !known);
    edge.classList.toggle("active", now !== null && playing() && now.name === target);
    for (const text of edge.querySelectorAll("text"))
      text.classList.toggle("unknown", !(text.classList.contains("under") ? gradient : known));
  }
  const status = byId("status");
  if (total() === 0) status.textContent = "";
  else if (!playing()) status.textContent = `${total()} steps`;
  else if (position === 0) status.textContent = "Before the first step";
  else {
    const count = now.backward ? backward.length : forward.length;
    const place = now.backward ? position - forward.length : position;
    const pass = now.backward ? "Backward" : "Forward";
    status.textContent = `${pass} ${place} of ${count}: ${firstLine(now.name)}`;
  }
  document.body.dataset.position = position;
  document.body.dataset.scope = scope;
  byId("first").disabled = byId("back").disabled = position === 0;
  byId("next").disabled = playing() && position === total();
  for (const id of ["first", "back", "play", "next", "last"]) byId(id).hidden = total() === 0;
}

// Until someone steps, everything is shown and no step is marked.
let stepping = false;
const playing = () => stepping;

function go(place) {
  stepping = true;
  position = Math.min(Math.max(place, 0), total());
  if (position > 0) open(step(position).name);
  else close();
  draw();
}

function showAll() {
  stop();
  stepping = false;
  position = total();
  draw();
}

const next = () => go(stepping ? position + 1 : 1);
const back = () => go(position - 1);

function stop() {
  clearInterval(timer);
  timer = null;
  byId("play").textContent = "▶ Play";
}

function play() {
  if (timer !== null) return stop();
  if (total() === 0) return;
  if (!stepping || position === total()) go(0);
  byId("play").textContent = "❚❚ Pause";
  timer = setInterval(() => {
    go(position + 1);
    if (position === total()) stop();
  }, 900);
}

function open(name) {
  const panel = byId("details");
  const [label, ...lines] = data.details[name];
  panel.replaceChildren();
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const add = (tag, text) => panel.appendChild(element(tag, text));
  const button = add("button", "×");
  button.title = "Close (Escape)";
  button.setAttribute("aria-label", "Close the details");
  button.onclick = close;
  add("h2", label);
  const list = add("div", "");
  list.className = "lines";
  if (![label, ...lines].some((line) => line.startsWith(name))) list.append(element("p", name));
  for (const line of lines) list.append(element("p", line));
  panel.hidden = false;
  panel.dataset.name = name;
  for (const node of sections.get(scope).querySelectorAll(".node")) {
    const chosen = node.dataset.name === name;
    node.classList.toggle("opened", chosen);
    if (chosen && stepping) node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function close() {
  byId("details").hidden = true;
  for (const node of document.querySelectorAll(".opened")) node.classList.remove("opened");
}

function enter(name) {
  if (!sections.has(name)) return;
  close();
  scope = name;
  for (const [key, section] of sections) section.hidden = key !== scope;
  const trail = byId("trail");
  trail.replaceChildren();
  const parts = scope.split("/").slice(0, -1);
  const places = ["", ...parts.map((_, i) => parts.slice(0, i + 1).join("/") + "/")];
  for (const place of scope === "" ? [] : places) {
    if (place !== "") trail.append(" / ");
    const text = place === "" ? "The whole graph" : place.split("/").at(-2);
    if (place === scope || !sections.has(place)) { trail.append(text); continue; }
    const button = trail.appendChild(document.createElement("button"));
    button.textContent = text;
    button.onclick = () => visit(place);
  }
  showAll();
}

// The browser's own back button leads out of a scope.
const visit = (name) => { location.hash = encodeURIComponent(name); enter(name); };
const fromAddress = () => {
  let name = "";
  try { name = decodeURIComponent(location.hash.slice(1)); } catch (error) { name = ""; }
  if (!sections.has(name)) name = "";
  if (name !== scope) enter(name);
};

function choose(node) {
  const name = node.dataset.name;
  if (sections.has(name) && name !== scope) visit(name);
  else if (!byId("details").hidden && byId("details").dataset.name === name) close();
  else open(name);
}

for (const node of document.querySelectorAll("section .node")) {
  const folded = sections.has(node.dataset.name);
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  const label = firstLine(node.dataset.name) + (folded ? ", a folded scope" : "");
  node.setAttribute("aria-label", label);
  node.addEventListener("click", () => choose(node));
}
byId("first").onclick = () => { stop(); go(0); };
byId("back").onclick = () => { stop(); back(); };
byId("play").onclick = play;
byId("next").onclick = () => { stop(); next(); };
byId("last").onclick = showAll;
addEventListener("hashchange", fromAddress);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const node = event.target.closest ? event.target.closest(".node") : null;
  const keys = {
    ArrowRight: () => { stop(); next(); },
    ArrowLeft: () => { stop(); back(); },
    Home: () => { stop(); go(0); },
    End: showAll,
    p: play,
    P: play,
    Escape: () => {
      stop();
      if (!byId("details").hidden) close();
      else if (scope !== "") {
        let outer = scope;
        do outer = outer.replace(/[^/]*\\/$/, ""); while (!sections.has(outer));
        visit(outer);
      }
    },
  };
  if (node) keys.Enter = keys[" "] = () => choose(node);
  const act = keys[event.key];
  if (act && (total() > 0 || ["Escape", "Enter", " "].includes(event.key))) {
    event.preventDefault();
    act();
  }
});
showAll();
fromAddress();
"""
