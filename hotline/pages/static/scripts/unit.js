// Ticking all rows at once, and how many are ticked; without this script each is ticked by hand, or all are signed by the button.
const desk = document.getElementById("desk");
const all = document.getElementById("tick-all");
const line = document.getElementById("ticked");
const boxes = () => [...desk.querySelectorAll("input[name='numbers[]']")];

function count() {
  const ticked = boxes().filter((box) => box.checked).length;
  if (line) line.textContent = ticked ? `已勾选${ticked}件。` : "勾选要签收的工单，或者一次全部签收。";
  if (all) all.textContent = ticked === boxes().length ? "全部取消" : "全部勾选";
}

if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const tick = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = tick;
    count();
  });
}
desk.addEventListener("change", count);
window.addEventListener("pageshow", count);
