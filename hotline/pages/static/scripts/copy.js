// `data-copy` holds the text that a button puts on the clipboard; where there is no clipboard the button stays away.
import { say } from "./notes.js";

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say(`已复制：${button.dataset.copy}`, "success");
});
