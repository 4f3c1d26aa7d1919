// A template goes in at the cursor; without this script the button sends the form and it comes back with the template at the end.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.insert);
  const chosen = document.getElementById(`template-${button.dataset.insert}`).selectedOptions[0];
  field.setRangeText(chosen.dataset.text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// What the address asks for is put into view with its first field entered.
const asked = location.hash.startsWith("#ask-") && document.getElementById(location.hash.slice(1));
if (asked) {
  asked.open = true;
  asked.querySelector("select, input:not([type=hidden]), textarea")?.focus({ preventScroll: true });
  asked.scrollIntoView({ block: "start" });
}
