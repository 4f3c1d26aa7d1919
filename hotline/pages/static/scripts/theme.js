// Runs before the page is drawn, so that it never flashes: the theme that was chosen here, or else the machine's.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const draw = () => {
    document.documentElement.dataset.bsTheme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
  };
  draw();
  dark.addEventListener("change", draw);
})();
