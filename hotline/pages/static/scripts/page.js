// What every page can do when it may run scripts. Without them all of it still works, with one step more.
import "./copy.js";
import "./keys.js";
import "./keep.js";
import "./reveal.js";
import "./send.js";
import "./session.js";
import "./times.js";

document.getElementById("theme")?.addEventListener("click", () => {
  const chosen = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = chosen;
  localStorage.setItem("theme", chosen);
});
// What was refused is read out first.
document.getElementById("refusal")?.focus();
