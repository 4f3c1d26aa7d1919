// What a visitor's page can do beside: be printed, and forget what was typed into it.
import { forget } from "./keep.js";

// What is said of keeping is true only where scripts run.
for (const said of document.querySelectorAll("[data-with-scripts]")) said.hidden = false;
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[data-keep]")) form.addEventListener("reset", () => forget(form.dataset.keep));
