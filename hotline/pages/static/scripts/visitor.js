// What a visitor's page can do beside: be printed, and say that what is typed is kept.
import "./keep.js";

// What is said of keeping is true only where scripts run.
for (const said of document.querySelectorAll("[data-with-scripts]")) said.hidden = false;
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
