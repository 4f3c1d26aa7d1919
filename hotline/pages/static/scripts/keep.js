// A form with `data-keep` loses nothing: what is typed is kept in this tab until the server has taken it.
// The names of what must not lie about (`data-never-kept`) and files are left out. Signing out clears it.
import { say } from "./notes.js";

const SKIPPED = new Set(["csrf_token", "version"]);
const place = (name) => `kept:${name}`;
const kept = (field) => field.name && !SKIPPED.has(field.name) && !field.matches("button, [type=file], [type=password], [data-never-kept]");

function write(form) {
  const values = [...form.elements]
    .filter(kept)
    .map((field) => [field.name, field.value, field.matches("[type=checkbox], [type=radio]") ? field.checked : null]);
  sessionStorage.setItem(place(form.dataset.keep), JSON.stringify(values));
}

// Whether anything that a person sees has changed by it.
function put(form, [name, value, checked]) {
  let changed = false;
  for (const field of [...form.elements].filter((one) => one.name === name && kept(one))) {
    if (checked === null) {
      changed ||= field.type !== "hidden" && field.value !== value;
      field.value = value;
    } else if (field.value === value) {
      changed ||= field.checked !== checked;
      field.checked = checked;
    }
  }
  return changed;
}

export function restore(form, name = form.dataset.keep) {
  const found = sessionStorage.getItem(place(name));
  if (!found) return;
  const changed = JSON.parse(found).map((entry) => put(form, entry)).some(Boolean);
  for (const field of form.querySelectorAll(":is(input, textarea)")) {
    if (field.value && kept(field) && field.type !== "hidden") field.closest("details")?.setAttribute("open", "");
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  if (changed) say("已恢复上次没有提交的内容。");
}

export function forget(name) {
  sessionStorage.removeItem(place(name));
}

// The server says so on the page that answers a post which was taken.
for (const taken of document.querySelectorAll("[data-taken]")) forget(taken.dataset.taken);
for (const form of document.querySelectorAll("form[data-keep]")) {
  // A page that was refused brings back what was typed; that is newer than what is kept.
  if (document.getElementById("refusal")) write(form);
  else restore(form);
  form.addEventListener("input", () => write(form));
  form.addEventListener("change", () => write(form));
  form.addEventListener("reset", () => forget(form.dataset.keep));
}
document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => sessionStorage.clear());
