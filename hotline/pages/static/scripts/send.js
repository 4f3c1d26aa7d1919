// Sending a form: once however often it is pressed, with a line that moves while it takes, and never into a dead network.
import { say, silence } from "./notes.js";

const PATIENCE = 300;
const AT_MOST = 5000;
let waiting;

function busy() {
  waiting = setTimeout(() => {
    const line = document.createElement("div");
    line.className = "progress-line";
    line.setAttribute("role", "progressbar");
    line.setAttribute("aria-label", "正在处理");
    document.body.append(line);
  }, PATIENCE);
}

function ready() {
  clearTimeout(waiting);
  for (const line of document.querySelectorAll(".progress-line")) line.remove();
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

async function reachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(AT_MOST) })).ok;
  } catch {
    return false;
  }
}

async function send(form, submitter) {
  if (await reachable()) {
    silence();
    form.dataset.sure = "";
    form.requestSubmit(submitter);
    return;
  }
  ready();
  say("现在连不上服务器，没有提交。您填写的内容都还在，网络恢复后请再按一次。", "warning");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if ("sure" in form.dataset || form.method !== "post") {
    delete form.dataset.sure;
    busy();
    return;
  }
  event.preventDefault();
  if ("sent" in form.dataset) return;
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-disabled", "true");
  send(form, event.submitter);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname !== location.pathname || link.search !== location.search) busy();
});
window.addEventListener("pageshow", ready);
window.addEventListener("offline", () => say("网络断开了。可以继续填写，内容不会丢；恢复后再提交。", "warning"));
window.addEventListener("online", () => say("网络恢复了，可以提交。", "success"));
