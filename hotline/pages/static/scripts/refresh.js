// What is marked `data-refresh="20"` (and the time beside it) is fetched anew every twenty seconds. Only what changed is changed, so
// focus, scroll and what is open stay; a hidden tab asks for nothing; a lost connection is said in words.
import { draw } from "./times.js";

const place = document.querySelector("[data-refresh]");
const stamp = document.getElementById("wall-time");
const state = document.getElementById("refresh-state");
const every = Number(place.dataset.refresh) * 1000;
const KEPT = new Set(["open", "title"]);
let timer;
let asking = false;

function alike(live, fresh) {
  return live && live.nodeType === fresh.nodeType && live.nodeName === fresh.nodeName;
}

function mend(live, fresh) {
  if (live.nodeType !== Node.ELEMENT_NODE) {
    if (live.nodeValue !== fresh.nodeValue) live.nodeValue = fresh.nodeValue;
    return;
  }
  if (live.classList.contains("relative")) return;
  for (const { name, value } of [...fresh.attributes]) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  for (const { name } of [...live.attributes]) {
    if (!KEPT.has(name) && !fresh.hasAttribute(name)) live.removeAttribute(name);
  }
  if (live.matches("strong, .count") && live.textContent !== fresh.textContent) flash(live);
  fresh.childNodes.forEach((child, index) => {
    const old = live.childNodes[index];
    if (alike(old, child)) mend(old, child);
    else if (old) old.replaceWith(child.cloneNode(true));
    else live.append(child.cloneNode(true));
  });
  while (live.childNodes.length > fresh.childNodes.length) live.lastChild.remove();
}

function flash(element) {
  element.classList.add("moved");
  element.addEventListener("animationend", () => element.classList.remove("moved"), { once: true });
}

function say(sentence) {
  if (state.textContent !== sentence) state.textContent = sentence;
}

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(every) });
    if (answer.redirected) {
      clearInterval(timer);
      say("登录已过期，不再更新；请刷新后重新登录。");
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    mend(place, page.querySelector("[data-refresh]"));
    mend(stamp, page.getElementById("wall-time"));
    draw();
    say(`每${place.dataset.refresh}秒自动更新`);
  } catch {
    say("连不上服务器，显示的是上面这个时刻的数据；恢复后会自动更新。");
  } finally {
    asking = false;
  }
}

say(`每${place.dataset.refresh}秒自动更新`);
timer = setInterval(ask, every);
document.addEventListener("visibilitychange", ask);
window.addEventListener("online", ask);
place.addEventListener("hotline:refresh", ask);
