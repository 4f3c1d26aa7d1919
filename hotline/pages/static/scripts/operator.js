// Beside the form, while the operator types: who calls, what helps, and below each field that was left what is wrong with it.
// Without this script buttons do the same. Nothing here ever changes what is typed, stops it, or waits for it.
import { forget, restore } from "./keep.js";
import { say } from "./notes.js";
import { draw as drawTimes } from "./times.js";

const form = document.getElementById("call");
const places = ["caller", "suggestions"].map((id) => document.getElementById(id));
const note = document.getElementById("beside-note");
const WAIT = 400;
const AT_MOST = 8000;
const down = new Set();
const left = new Set();
let timer;
let asked = 0;
let waiting;

function busy(is) {
  for (const place of places) place.setAttribute("aria-busy", String(is));
  note.textContent = is ? "正在查找…" : "";
}

async function ask() {
  clearTimeout(timer);
  const mine = ++asked;
  busy(true);
  try {
    const answer = await fetch("/operator/suggestions", { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(AT_MOST) });
    if (mine !== asked) return;
    busy(false);
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    else note.textContent = answer.status === 401 ? "登录已过期：写的内容会留着，提交时重新登录即可。" : "暂时查不到参考，不影响登记。";
  } catch {
    if (mine !== asked) return;
    busy(false);
    note.textContent = "暂时查不到参考，不影响登记。";
  }
}

function show(answer) {
  waiting = answer;
  check(answer);
  settle();
}

// Nothing moves under a key that is held down, nor away from whoever has gone into it.
function settle() {
  if (!waiting || down.size || places.some((place) => place.contains(document.activeElement))) return;
  for (const place of places) {
    const fresh = waiting.getElementById(place.id);
    if (fresh.innerHTML === place.dataset.drawn) continue;
    place.dataset.drawn = fresh.innerHTML;
    place.replaceChildren(...fresh.childNodes);
    drawTimes(place);
  }
  waiting = undefined;
}

function check(answer) {
  const wrong = new Map([...answer.querySelectorAll("#checks dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]));
  for (const place of form.querySelectorAll("[data-pointer]")) {
    const field = form.querySelector(`[aria-describedby="${place.id}"]`);
    if (!left.has(field)) continue;
    const sentence = wrong.get(place.dataset.pointer) ?? "";
    place.textContent = sentence;
    place.hidden = !sentence;
    field.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) field.setAttribute("aria-invalid", "true");
  }
}

// What a suggestion puts in; a name with a question mark only fills an empty field.
function take(button) {
  let last;
  for (const [name, value] of new URLSearchParams(button.value)) {
    const field = form.elements[name.replace(/\?$/, "")];
    if (!field || (name.endsWith("?") && field.value.trim())) continue;
    field.value = value;
    left.add(field);
    field.closest("details")?.setAttribute("open", "");
    last = field;
  }
  const cites = new URLSearchParams(button.value).has("cite");
  if (cites) document.getElementById("answer-reply").focus();
  else if (button === document.activeElement) last?.focus();
  say(`已${button.dataset.keyLabel}`, "success");
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "take") return;
  event.preventDefault();
  take(event.submitter);
});
form.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(ask, WAIT);
});
form.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});
form.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!field.matches("[aria-describedby]") || (field.value === field.defaultValue && !left.has(field))) return;
  left.add(field);
  ask();
});
document.addEventListener("keydown", (event) => down.add(event.code));
document.addEventListener("keyup", (event) => {
  down.delete(event.code);
  settle();
});
window.addEventListener("blur", () => down.clear());
for (const place of places) place.addEventListener("focusout", () => setTimeout(settle));

// What was written in a call before this one and never logged: offered once, as long as nothing is written here.
const own = `kept:${form.dataset.keep}`;
const written = (key) => new Map(JSON.parse(sessionStorage.getItem(key)).map(([name, value]) => [name, value]));
const number = (key) => Number(key.split("-").at(-1));
const earlier = Object.keys(sessionStorage)
  .filter((key) => key.startsWith(own.slice(0, own.lastIndexOf("-") + 1)) && key !== own)
  .sort((one, other) => number(other) - number(one))
  .find((key) => written(key).get("title") || written(key).get("content"));
const offer = document.getElementById("earlier");
const isEmpty = () => !form.elements.title.value && !form.elements.content.value;

function takeBack() {
  const phone = form.elements["contact.phone"];
  const ringing = phone.value;
  restore(form, earlier.slice("kept:".length));
  // Another caller's matter: the call that is going on is not the one that it came by.
  if (ringing && phone.value !== ringing) form.elements.call_id?.remove();
}

if (earlier && isEmpty()) {
  offer.hidden = false;
  offer.firstElementChild.textContent = `以前有一通没有登记的内容：“${(written(earlier).get("title") || written(earlier).get("content")).slice(0, 20)}”`;
  offer.addEventListener("click", (event) => {
    if (!event.target.dataset.earlier) return;
    if (event.target.dataset.earlier === "back") takeBack();
    forget(earlier.slice("kept:".length));
    offer.hidden = true;
    form.elements.title.focus();
  });
}
document.getElementById("look-beside").hidden = true;
// What was restored is looked up as if it had just been typed.
if (!isEmpty()) ask();
