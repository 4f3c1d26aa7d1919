// A key does what the element that names it in `aria-keyshortcuts` does: a button is pressed, a field is entered. "?" lists them.
const TYPED_IN = "input:not([type=radio]):not([type=checkbox]), textarea, select";
const dialog = document.getElementById("keys");
const words = (element) =>
  element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText;

function pressed(event) {
  const key = event.code.startsWith("Digit") ? event.code.slice(5) : event.key;
  return (event.altKey ? "Alt+" : "") + (event.ctrlKey ? "Control+" : "") + (key.length === 1 ? key.toUpperCase() : key);
}

function go(element) {
  element.closest("details")?.setAttribute("open", "");
  if (element.matches(TYPED_IN)) element.focus();
  else element.click();
}

function list() {
  const rows = [...document.querySelectorAll("[aria-keyshortcuts]")].flatMap((element) => {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = element.getAttribute("aria-keyshortcuts");
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = words(element).trim();
    return [term, meaning];
  });
  dialog.querySelector("dl").replaceChildren(...rows);
  dialog.showModal();
}

document.getElementById("show-keys")?.addEventListener("click", list);
document.addEventListener("keydown", (event) => {
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
  if (event.isComposing || (plain && event.target.matches(TYPED_IN))) return;
  if (plain && event.key === "?" && dialog) {
    event.preventDefault();
    list();
    return;
  }
  const element = document.querySelector(`[aria-keyshortcuts="${CSS.escape(pressed(event))}"]`);
  if (!element) return;
  event.preventDefault();
  go(element);
});
