// A field with `data-check` is checked by the server's rule as it is left; what is wrong stands beside it before the form is
// sent. Where the server cannot be asked nothing is said: the form itself is checked all the same.
function place(field) {
  const found = document.createElement("div");
  found.id = `${field.id}-check`;
  found.className = "check small";
  found.setAttribute("role", "status");
  field.insertAdjacentElement("afterend", found);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${found.id}`.trim());
  return found;
}

async function ask(field) {
  const body = new FormData();
  body.set("csrf_token", field.form.elements.csrf_token.value);
  body.set("text", field.value);
  try {
    const answer = await fetch(field.dataset.check, { method: "POST", body });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function show(field, said, answer) {
  said.textContent = answer ? (answer.valid ? (answer.warning ? `! ${answer.warning}` : "✓ 填写正确") : `✗ ${answer.why}`) : "";
  said.classList.toggle("is-well", Boolean(answer?.valid && !answer.warning));
  said.classList.toggle("is-wrong", answer?.valid === false);
  if (answer?.valid === false) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  // What the server said of the form that was sent is about what stood here before.
  field.parentElement.querySelector("[id^='wrong-']")?.remove();
}

for (const field of document.querySelectorAll("[data-check]")) {
  const said = place(field);
  field.addEventListener("change", async () => {
    const typed = field.value;
    const answer = typed.trim() ? await ask(field) : null;
    if (field.value === typed) show(field, said, answer);
  });
  field.form.addEventListener("reset", () => show(field, said, null));
}
