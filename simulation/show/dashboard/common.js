// What the scripts of both pages share: finding elements, reading answers, and saying what will not do.

export const $ = (css, within = document) => within.querySelector(css);
export const $$ = (css, within = document) => [...within.querySelectorAll(css)];

export const GONE = ["The program that makes this page does not answer. Start ceasefire app again, and open the address that it prints."];

export async function reply(response, full) {
  // An answer of the program, or what is wrong in its place; `full` is said of an address that is too long.
  if (response.status === 414) return { wrong: full };
  try {
    return await response.json();
  } catch {
    return { wrong: GONE };
  }
}

export function complain(lines) {
  $("#wrong").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

export function checked(field, good, label = field.getAttribute("aria-label")?.replace(", as a number", "") ?? field.labels[0]?.textContent) {
  // The number in a box, or null where it will not do: then it is said what would, and the last one is put back.
  if (field.validity.valid && field.value !== "") return String(Number(field.value)); // 1e2 and 007 are numbers too
  const kind = field.step === "1" ? "a whole number" : "a number";
  complain([`${label}: ${kind} from ${field.min} to ${field.max} would do. It stays at ${good}.`]);
  field.value = good;
  return null;
}
