// While the operator types, the suggestions beside the form are drawn anew; without this script a button does the same.
const form = document.getElementById("call");
const place = document.getElementById("suggestions");
const reply = document.getElementById("answer-reply");
const WAIT = 400;
let timer;
let asked = 0;

async function suggest() {
  const mine = ++asked;
  const answer = await fetch("/operator/suggestions", { method: "POST", body: new FormData(form) });
  if (answer.ok && mine === asked) place.innerHTML = await answer.text();
}

function cite(choice) {
  choice.checked = true;
  document.getElementById("answer-now").open = true;
  if (!reply.value.trim()) reply.value = choice.dataset.reply;
  reply.focus();
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT);
});

place.addEventListener("change", (event) => {
  if (event.target.name === "cite") cite(event.target);
});

document.addEventListener("keydown", (event) => {
  const choice = event.altKey && place.querySelector(`input[data-key="${event.key}"]`);
  if (choice) {
    event.preventDefault();
    cite(choice);
  }
});
