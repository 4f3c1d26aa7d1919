// While the operator types, the suggestions beside the form are drawn anew; without this script a button does the same.
const form = document.getElementById("call");
const place = document.getElementById("suggestions");
const WAIT = 400;
let timer;
let asked = 0;

async function suggest() {
  const mine = ++asked;
  const answer = await fetch("/operator/suggestions", { method: "POST", body: new FormData(form) });
  if (answer.ok && mine === asked) place.innerHTML = await answer.text();
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT);
});
