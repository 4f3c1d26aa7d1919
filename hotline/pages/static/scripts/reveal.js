// A button with `data-reveal` shows what was typed into the password field of that id, and hides it again before it is sent.
function show(button, clear) {
  document.getElementById(button.dataset.reveal).type = clear ? "text" : "password";
  button.textContent = clear ? "隐藏密码" : "显示密码";
}

const buttons = document.querySelectorAll("[data-reveal]");
for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => show(button, document.getElementById(button.dataset.reveal).type === "password"));
}
document.addEventListener("submit", () => buttons.forEach((button) => show(button, false)), true);
