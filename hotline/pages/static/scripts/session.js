// Two minutes before a session ends by standing idle, the page says so and offers to go on; asking prolongs nothing.
import { silence } from "./notes.js";

const BEFORE = 120;
const MOST = 2 ** 31 - 1;
const place = document.getElementById("notes");
const token = document.querySelector("form[action='/sign-out'] [name=csrf_token]")?.value;

async function ask() {
  const left = await (await fetch("/session", { cache: "no-store" })).json();
  if (!left.signed_in) over();
  else wait(left);
}

function wait({ idle_seconds: idle, ends_seconds: ends }) {
  const left = Math.min(idle, ends);
  if (left <= BEFORE) warn(idle < ends);
  // Another page of this browser may have prolonged it meanwhile, so it is asked anew.
  setTimeout(() => ask().catch(() => {}), Math.min((left > BEFORE ? left - BEFORE : left) * 1000 + 500, MOST));
}

function warn(mayGoOn) {
  const note = document.createElement("div");
  note.className = "alert alert-warning mb-0";
  note.append("登录两分钟内就要结束；页面上填写的内容会保留。");
  if (mayGoOn) {
    const button = document.createElement("button");
    button.className = "btn btn-sm btn-primary ms-2";
    button.type = "button";
    button.textContent = "继续使用";
    button.addEventListener("click", prolong);
    note.append(button);
  }
  place.replaceChildren(note);
}

function over() {
  const note = document.createElement("div");
  note.className = "alert alert-warning mb-0";
  note.append("登录已经结束，页面上填写的内容还在。");
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "重新登录";
  note.append(link);
  place.replaceChildren(note);
}

async function prolong() {
  const answer = await fetch("/session/prolong", { method: "POST", headers: { "X-CSRFToken": token } });
  if (answer.ok) silence();
  else over();
}

if (token) ask().catch(() => {});
