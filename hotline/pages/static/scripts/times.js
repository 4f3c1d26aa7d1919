// Beside the exact time, how long ago or how far ahead it is: in the tooltip, and in words where `data-relative` asks for it.
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const format = new Intl.RelativeTimeFormat("zh-CN", { numeric: "auto" });
const EVERY = 30000;

function relative(instant) {
  const seconds = (new Date(instant) - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, many]) => Math.abs(seconds) >= many) ?? ["minute", 60];
  return format.format(Math.trunc(seconds / size), unit);
}

export function draw(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const words = relative(time.dateTime);
    time.title = words;
    const place = time.parentElement?.querySelector(":scope > .relative");
    if (place) place.textContent = `（${words}）`;
  }
}

draw();
setInterval(draw, EVERY);
