// A seat at the table: the address holds the seat and its moves, and what they come to is fetched and put in place.

import { $, $$, GONE, checked, complain, reply } from "/common.js";

const read = (range, text) => {
  // A slider says where it stands, to be seen and to be heard.
  range.setAttribute("aria-valuetext", text);
  $(`output[for="${range.id}"]`).textContent = text;
};
const FULL = ["The address has no room for more moves: take some back."];

// What was wrong with the address is left out of it, but not what is wrong with the seat and its moves.
let asked = new URLSearchParams(document.body.dataset.address);
for (const [own, value] of new URLSearchParams(location.search)) if (["seat", "moves"].includes(own)) asked.set(own, value);
let now = { step: 0, last: 0, next: 0, asked: "", moves: [] };
let work = null; // what is being fetched of the table
let drawn = ""; // the picture of the score that is shown

if ($("#state")) begin();

async function begin() {
  $("#chair").value = asked.get("seat") ?? "";
  chair();
  const told = [...$$("#wrong p")].map((line) => line.textContent);
  const wrong = await fetchState(asked, { add: false });
  if (wrong) await fetchState(with_({ seat: "", moves: "", step: "" }), { add: false }); // a seat from the start
  if (wrong || told.length) complain([...told, ...(wrong ?? [])]);
}

async function answer(where, signal) {
  const response = await fetch(where, { signal });
  return reply(response, FULL);
}

function with_(changes) {
  // The address with some of its parts changed; an empty one is left out.
  const made = new URLSearchParams(asked);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "" || value === "[]") made.delete(name);
    else made.set(name, value);
  }
  return made;
}

async function fetchState(wanted, { add = true, focus = "" } = {}) {
  work?.abort();
  const mine = (work = new AbortController());
  document.body.classList.add("busy");
  try {
    const told = await answer(`/seat/state?${wanted}`, mine.signal);
    if (mine.signal.aborted) return;
    if (told.wrong) {
      complain(told.wrong);
      put();
      return told.wrong;
    }
    complain([]);
    now = told;
    asked = new URLSearchParams(wanted);
    asked.set("step", told.step);
    if (told.moves.length) asked.set("moves", JSON.stringify(told.moves)); // without what is as usual
    if (add) history.pushState(null, "", `/seat?${asked}`);
    else history.replaceState(null, "", `/seat?${asked}`);
    $("#state").innerHTML = told.html;
    $("#said").textContent = told.said;
    put();
    forget();
    if (focus) ($("#asked") ?? document.getElementById(focus)).focus();
  } catch (error) {
    if (!mine.signal.aborted) complain(GONE);
  } finally {
    if (mine === work) document.body.classList.remove("busy");
  }
}

function put() {
  // Every control where the seat is.
  const step = $("#step");
  step.value = now.step;
  read(step, `${now.step} of ${now.last}`);
  $("#chair").value = asked.get("seat") ?? "";
  $("#run").value = asked.get("run") ?? "0";
  const over = now.step >= now.last;
  for (const id of ["forth", "next", "end"]) document.getElementById(id).disabled = over || now.asked !== "";
  $("#offer button.main").disabled = over;
  const all = new URLSearchParams(asked);
  for (const own of ["seat", "moves"]) all.delete(own);
  $("#leave").href = `/?${all}`;
  chair();
}

function chair() {
  // In a party's chair one speaks for the party.
  const party = $("#chair").value;
  for (const box of $$("input[name=sponsors]")) {
    const mine = box.value === party;
    if (mine) box.checked = true;
    box.disabled = mine;
  }
}

function forget() {
  // What is shown of a score is of other moves.
  $("#score").replaceChildren();
  $("#days-drawn").hidden = true;
}

// ---- going on and back

function go(step, focus) {
  const kept = now.moves.filter((move) => move.step < step || step >= now.step);
  return fetchState(with_({ step: String(step), moves: JSON.stringify(kept) }), { focus });
}

$("#forth")?.addEventListener("click", () => go(now.step + 1, "forth"));
$("#next")?.addEventListener("click", () => go(now.next, "next"));
$("#end")?.addEventListener("click", () => go(now.last, "end"));
$("#step")?.addEventListener("input", ({ target }) => read(target, `${target.value} of ${target.max}`));
$("#step")?.addEventListener("change", ({ target }) => {
  if (now.asked && Number(target.value) > now.step) {
    complain([`An offer waits for your answer (${now.asked}): answer it first.`]);
    return put();
  }
  go(Number(target.value), "");
});
$("#chair")?.addEventListener("change", ({ target }) => {
  for (const box of $$("input[name=sponsors]")) if (box.disabled) box.checked = false;
  fetchState(with_({ seat: target.value, moves: "", step: "0" }));
});
$("#run")?.addEventListener("change", ({ target }) => {
  const run = checked(target, asked.get("run") ?? "0");
  if (run !== null) fetchState(with_({ run, moves: "" }));
});

window.addEventListener("popstate", () => fetchState(new URLSearchParams(location.search), { add: false }));

// ---- moves

function move(made, on) {
  // An offer is answered at once; what others say to an offer that one answers is seen a step on.
  const moves = JSON.stringify([...now.moves, { step: now.step, ...made }]);
  return fetchState(with_({ moves, step: String(now.step + on) }), { focus: "answered" });
}

function stand(range, value) {
  // A slider and its box where the offer has that number; what the offer speaks of is ticked.
  range.value = value;
  document.getElementById(`n-${range.id}`).value = value;
  range.setAttribute("aria-valuetext", `${Number(value)} ${range.dataset.unit}`);
  const named = document.getElementById(range.id.replace(/^p-/, "t-"));
  if (named) named.checked = true;
}

$("#offer")?.addEventListener("input", ({ target }) => {
  if (target.type === "range") stand(target, target.value);
});

$("#offer")?.addEventListener("change", ({ target }) => {
  if (!target.dataset.of) return;
  const range = document.getElementById(target.dataset.of);
  complain([]);
  const [label] = range.getAttribute("aria-label").split(":");
  const value = checked(target, range.getAttribute("aria-valuetext").split(" ")[0], label);
  if (value !== null) stand(range, value);
});

const points = (id) => Number(document.getElementById(`n-${id}`).value);
const share = (id) => points(id) / 100;

$("#offer")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const ticked = (name) => $$(`input[name=${name}]:checked`).map((box) => box.value);
  const days = $("#days");
  if (!days.validity.valid) return complain([`Term: a whole number of days from ${days.min} to ${days.max} would do, or nothing.`]);
  const sponsors = ticked("sponsors");
  if (!sponsors.length) return complain(["Who proposes it? Tick one or more."]);
  const to = ticked("to");
  if (!to.length) return complain(["Whom does it ask? Tick one or more."]);
  const made = { sponsors, to, kind: $("#kind").value, form: $("#form").value };
  made.monitoring = share("monitoring");
  made.scope = share("scope");
  made.terms = Object.fromEntries(ticked("terms").map((issue) => [issue, points(`p-${issue}`)]));
  made.opponents = ticked("opponents");
  if (days.value) made.days = Number(days.value);
  move({ offer: made }, 0);
});

$("#state")?.addEventListener("click", ({ target }) => {
  const { answer: word } = target.dataset;
  if (word) return move({ to: now.asked, answer: word }, 1);
  if (!("back" in target.dataset)) return;
  const last = now.moves.at(-1);
  fetchState(with_({ moves: JSON.stringify(now.moves.slice(0, -1)), step: String(last.step) }), { focus: "at-table" });
});

$("#state")?.addEventListener("toggle", async ({ target }) => {
  if (!target.matches("details.why[open]")) return;
  const told = await answer(`/seat/why?offer_answered=${encodeURIComponent(target.dataset.offer)}&${asked}`);
  if (told.wrong) complain(told.wrong);
  else $(":scope > div", target).innerHTML = told.html;
}, true);

// ---- what it comes to

$("#reckon")?.addEventListener("click", async ({ target }) => {
  const mine = asked.toString();
  target.disabled = true;
  $("#reckoning").hidden = false;
  const told = await answer(`/seat/score?${mine}`).catch(() => ({ wrong: GONE }));
  target.disabled = false;
  $("#reckoning").hidden = true;
  if (mine !== asked.toString()) return;
  if (told.wrong) return complain(told.wrong);
  $("#score").innerHTML = told.html;
  $("#said").textContent = told.said;
  if (drawn) URL.revokeObjectURL(drawn);
  drawn = URL.createObjectURL(new Blob([told.svg], { type: "image/svg+xml" }));
  Object.assign($("#days-drawn"), { src: drawn, alt: told.alt, hidden: false });
});
