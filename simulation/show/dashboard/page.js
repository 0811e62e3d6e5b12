// The page in the browser: the address holds every setting, and what the address comes to is fetched and put in place.

import { $, $$, GONE, checked, complain, reply } from "/common.js";

const WAIT = 30; // milliseconds in which one move may follow another before anything is asked for
const SAME = 1000; // milliseconds in which moves of one control count as one, to be undone at once
const FULL = ["More numbers are moved than an address has room for: reset some."];
const PACE = 600; // milliseconds between the steps of a run that plays

let asked = new URLSearchParams(document.body.dataset.address);
// How many moves there are to take back: Undo never leaves the page.
const depth = () => history.state?.depth ?? 0;
const deepest = (at) => (sessionStorage.deepest = at); // what was taken back beyond it is gone
history.replaceState(history.state ?? { depth: Number(sessionStorage.depth ?? 0) }, "", address());
sessionStorage.removeItem("depth");

function address() {
  const text = asked.toString();
  return text ? `/?${text}` : "/";
}

function url(path, more = "") {
  return `${path}?${[more, asked.toString()].filter(Boolean).join("&")}`;
}

// ---- what is set

let latest = { name: "", at: 0 };

function commit(name, value, usual, { reload = false, add = true } = {}) {
  if (value === "" || value === usual) asked.delete(name);
  else asked.set(name, value);
  const soon = latest.name === name && Date.now() - latest.at < SAME;
  latest = { name, at: Date.now() };
  if (reload) return go(address());
  if (soon || !add) history.replaceState(history.state, "", address());
  else history.pushState({ depth: deepest(depth() + 1) }, "", address());
  place();
}

function go(where) {
  sessionStorage.focus = document.activeElement?.id ?? "";
  sessionStorage.depth = deepest(depth() + 1);
  location.assign(where);
}

const RELOAD = ["scenario", "as_of", "rule"]; // what decides which controls there are

window.addEventListener("popstate", () => {
  const now = new URLSearchParams(location.search);
  if (RELOAD.some((name) => now.get(name) !== asked.get(name))) return location.reload();
  const only_step = ["step", "run"].some((name) => now.get(name) !== asked.get(name));
  asked = now;
  latest = { name: "", at: 0 };
  place();
  if (only_step) look();
  refresh();
});

const shown = (value, unit) => `${value} ${unit}`.trim();

function place() {
  // Every control where the address has it.
  for (const row of $$(".row")) put(row, asked.get(`set.${row.dataset.key}`) ?? row.dataset.file);
  for (const field of $$("[data-setting]")) {
    const value = asked.get(field.dataset.setting) ?? field.dataset.usual;
    if (value !== "" || field.type !== "number") field.value = value;
  }
  const step = $("#step");
  step.value = asked.get("step") ?? 0;
  step.setAttribute("aria-valuetext", `${step.value} of ${step.max}`);
  $("#undo").disabled = depth() === 0;
  $("#redo").disabled = depth() >= Number(sessionStorage.deepest ?? 0);
  for (const link of $$("a[data-path]")) link.href = url(link.dataset.path, link.dataset.more);
  count();
}

function put(row, value) {
  const range = $("input[type=range]", row);
  if (Number(value) > Number(range.max)) range.max = value;
  range.value = value;
  tell(row, value);
}

function tell(row, value) {
  $("input[type=number]", row).value = value;
  $("input[type=range]", row).setAttribute("aria-valuetext", shown(value, row.dataset.unit));
  row.classList.toggle("moved", value !== row.dataset.file);
}

function count() {
  for (const head of $$("#numbers details.section, #numbers details.group")) {
    const moved = $$(".row.moved", head).length;
    $(":scope > summary .count", head).textContent = moved ? `${moved} moved` : "";
  }
  const all = $$(".row.moved").length;
  $("#moved").textContent = all ? `${all} moved` : "";
}

function whole(range, row) {
  // A slider that stands within half a step of what the file has, has that.
  const file = Number(row.dataset.file);
  return Math.abs(Number(range.value) - file) < Number(range.step) / 2 ? row.dataset.file : range.value;
}

$("#numbers").addEventListener("input", ({ target }) => {
  if (target.type !== "range") return;
  tell(target.closest(".row"), whole(target, target.closest(".row")));
  count();
});

$("#numbers").addEventListener("change", ({ target }) => {
  const row = target.closest(".row");
  const name = `set.${row.dataset.key}`;
  const value = target.type === "range" ? whole(target, row) : checked(target, asked.get(name) ?? row.dataset.file);
  if (value === null) return;
  commit(name, String(Number(value)), row.dataset.file);
  refresh();
});

$("#numbers").addEventListener("click", ({ target }) => {
  const back = target.closest("button.back");
  if (!back) return;
  const row = back.closest(".row");
  commit(`set.${row.dataset.key}`, "", row.dataset.file);
  $("input[type=number]", row).focus();
  refresh();
});

for (const field of $$("[data-setting]")) {
  field.addEventListener("change", () => {
    const { setting, usual } = field.dataset;
    const before = asked.get(setting) ?? (usual || field.defaultValue);
    const value = field.type === "number" ? checked(field, before) : field.value;
    if (value === null) return;
    if (setting === "scenario") return go(`/?scenario=${encodeURIComponent(value)}`);
    if (setting === "rule") asked.delete("runs"); // as many as the rule has time for
    commit(setting, value, usual, { reload: RELOAD.includes(setting) });
    if (setting !== "run") return refresh();
    complain([]);
    look(true);
  });
}

for (const link of $$(".presets a")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
    event.preventDefault();
    go(link.href);
  });
}

$("#reset").addEventListener("click", () => {
  const kept = new URLSearchParams();
  for (const name of ["scenario", "as_of"]) if (asked.has(name)) kept.set(name, asked.get(name));
  go(`/?${kept}`);
});
$("#undo").addEventListener("click", () => history.back());
$("#redo").addEventListener("click", () => history.forward());
$("#keep").addEventListener("click", () => {
  const kept = new URLSearchParams([["scenario", $("#scenario").value]]);
  for (const [name, value] of asked) if (RELOAD.includes(name) || name.startsWith("set.")) kept.set(name, value);
  commit("against", kept.toString(), "", { reload: true });
});

// ---- looking for a number

$("#search").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
  const searching = words.length > 0;
  $("#numbers").classList.toggle("searching", searching);
  let found = 0;
  for (const row of $$(".row")) {
    row.hidden = searching && !words.every((word) => row.dataset.found.includes(word));
    found += !row.hidden;
  }
  for (const head of $$("#numbers details.section, #numbers details.group")) {
    head.hidden = searching && !$(".row:not([hidden])", head);
    if (searching) head.open = !head.hidden && found <= 60;
    else head.open = opened().includes(called(head));
  }
  $("#found").textContent = searching ? `${found} found` : "";
});

// ---- what is unfolded stays so when the page is loaded again

const called = (details) => details.id || $("summary", details).firstChild.textContent.trim();
const opened = () => JSON.parse(sessionStorage.opened ?? "[]");
for (const details of $$("#numbers details:not(.about), main details[id]")) {
  details.open ||= opened().includes(called(details));
  details.addEventListener("toggle", () => {
    if (details.closest("#numbers") && $("#search").value) return;
    const others = opened().filter((name) => name !== called(details));
    sessionStorage.opened = JSON.stringify(details.open ? [...others, called(details)] : others);
  });
}
if (sessionStorage.focus) document.getElementById(sessionStorage.focus)?.focus();
sessionStorage.removeItem("focus");

// ---- what it comes to

let work = null;
let later = 0;

function refresh() {
  performance.mark("moved");
  complain([]);
  clearTimeout(later);
  later = setTimeout(ask, WAIT);
}

async function ask() {
  work?.abort();
  const mine = (work = Object.assign(new AbortController(), { asked: asked.toString() }));
  try {
    document.body.classList.add("busy");
    const answer = await lines(url("/outcome"), mine.signal, progress);
    if (mine.signal.aborted) return;
    progress(null);
    if (answer.wrong) return complain(answer.wrong);
    say(answer);
    good = { asked: mine.asked, runs: answer.runs };
    performance.mark("words");
    for (const picture of $$("img[data-kind]")) {
      await draw(picture, answer, mine.signal);
      if (picture.closest(".first")) performance.mark("first");
    }
    performance.mark("pictures");
    await look();
  } catch (error) {
    if (!mine.signal.aborted) complain(GONE);
  } finally {
    if (mine === work) {
      progress(null);
      document.body.classList.remove("busy");
    }
  }
}

async function lines(where, signal, tell) {
  // The last of several lines of JSON; the others say how far it is.
  const response = await fetch(where, { signal });
  if (!response.ok) return reply(response, FULL);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { wrong: GONE };
    const parts = (text + value).split("\n");
    text = parts.pop();
    for (const part of parts) {
      const said = JSON.parse(part);
      if (!("done" in said)) return said;
      tell(said);
    }
  }
}

function progress(how) {
  $("#progress").hidden = how === null;
  if (how === null) return;
  $("#progress progress").value = how.done / how.of;
  $("#progress span").textContent = `${how.done} of ${how.of} runs`;
}

let good = null; // the settings of what is shown, and its count of runs

$("#cancel").addEventListener("click", () => {
  work?.abort();
  progress(null);
  document.body.classList.remove("busy");
  $("#runs").focus();
  if (good === null) return complain(["Cancelled. Nothing is made yet: move something, or take fewer runs."]);
  asked = new URLSearchParams(good.asked);
  history.replaceState(history.state, "", address());
  place();
  $("#runs").value = good.runs;
  complain(["Cancelled. Everything is as it was before."]);
});

function say(answer) {
  for (const place of ["strip", "differs", "words", "table", "changes"]) {
    const element = document.getElementById(place);
    if (element) element.innerHTML = answer[place];
  }
  for (const cell of $$("td.chance")) {
    cell.style.setProperty("--share", `${cell.dataset.share}%`);
    if (cell.dataset.full) cell.style.setProperty("--full", `${cell.dataset.full}%`);
  }
  document.body.classList.toggle("compared", answer.compared);
  $("#command").textContent = answer.command;
  $("#runs").value = answer.runs;
  $("#said").textContent = answer.said;
}

async function draw(picture, answer, signal) {
  const size = picture.parentElement.clientWidth < 480 ? "narrow" : "wide";
  const loaded = await load(picture, url("/picture.svg", `kind=${picture.dataset.kind}&size=${size}`), signal);
  if (loaded) picture.alt = answer.alt[picture.dataset.kind];
}

async function load(picture, where, signal) {
  const response = await fetch(where, { signal });
  if (!response.ok) {
    complain((await reply(response, FULL)).wrong);
    return false;
  }
  const file = URL.createObjectURL(await response.blob());
  const before = picture.src;
  picture.src = file;
  await picture.decode().catch(() => {});
  if (before.startsWith("blob:")) URL.revokeObjectURL(before);
  return true;
}

// ---- one run, step by step

let seen = false; // whether the run is on the screen
let stale = true; // whether what is shown of it is of before
let watching = null;

new IntersectionObserver(([entry]) => {
  seen = entry.isIntersecting;
  if (seen && stale) look();
}).observe($("#moment").parentElement);

async function look(aloud = false) {
  stale = true;
  if (!seen) return;
  watching?.abort();
  const mine = (watching = new AbortController());
  try {
    const response = await fetch(url("/moment"), { signal: mine.signal });
    const answer = await reply(response, FULL);
    if (answer.wrong) return complain(answer.wrong);
    stale = false;
    const open = $$("#moment details[open]").map(called);
    $("#moment").innerHTML = answer.html;
    for (const details of $$("#moment details")) details.open = open.includes(called(details));
    if (aloud) $("#said").textContent = answer.said;
    if (await load($("#network"), url("/moment.png"), mine.signal)) $("#network").alt = answer.alt;
  } catch (error) {
    if (!mine.signal.aborted) complain(GONE);
  }
}

async function step(to, { add = true } = {}) {
  const slider = $("#step");
  const value = Math.min(Math.max(to, 0), Number(slider.max));
  commit("step", String(value), "0", { add });
  await look(add);
  return value < Number(slider.max);
}

const at = () => Number($("#step").value);
$("#start").addEventListener("click", () => step(0));
$("#back").addEventListener("click", () => step(at() - 1));
$("#forth").addEventListener("click", () => step(at() + 1));
$("#step").addEventListener("change", () => step(at()));
$("#step").addEventListener("input", ({ target }) => target.setAttribute("aria-valuetext", `${target.value} of ${target.max}`));

let playing = false;

function play(on) {
  playing = on;
  $("#play").setAttribute("aria-pressed", String(on));
  $("#play").textContent = on ? "❚❚ Pause" : "▶ Play";
}

$("#play").addEventListener("click", async () => {
  play(!playing);
  while (playing) {
    const next = new Promise((resolve) => setTimeout(resolve, PACE));
    if (!(await step(at() + 1, { add: false }))) play(false);
    await next;
  }
});

$("#moment").addEventListener("toggle", ({ target }) => {
  if (target.matches("details.why[open]")) explain(target, target.dataset.why);
  if (target.matches("details.whose[open]")) explain(target, `actor=${encodeURIComponent($("#mover").value)}`);
}, true);
$("#moment").addEventListener("change", ({ target }) => {
  if (target.id === "mover") explain(target.closest("details"), `actor=${encodeURIComponent(target.value)}`);
});

async function explain(details, more) {
  const answer = await reply(await fetch(url("/why", more)), FULL);
  if (answer.wrong) complain(answer.wrong);
  else $(":scope > div", details).innerHTML = answer.html;
}

place();
ask();
