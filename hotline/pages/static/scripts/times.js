// Beside the exact time, how long ago or how far ahead it is, in words: the page came with them, and here they go on with the clock.
// The rule is that of rules/deadlines/relative_time.py; a test holds the two together.
const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHANGHAI = 8 * HOUR;
const DAYS = new Map([[-2, "前天"], [-1, "昨天"], [1, "明天"], [2, "后天"]]);
const EVERY = 30000;

const dayOf = (instant) => Math.floor((instant + SHANGHAI) / DAY);

export function relative(at, now) {
  const days = dayOf(at) - dayOf(now);
  const between = Math.abs(at - now);
  const side = at <= now ? "前" : "后";
  if (between < MINUTE) return at <= now ? "刚刚" : "马上";
  if (between < HOUR) return `${Math.floor(between / MINUTE)}分钟${side}`;
  if (days === 0) return `${Math.floor(between / HOUR)}小时${side}`;
  return DAYS.get(days) ?? `${Math.abs(days)}天${side}`;
}

export function draw(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const words = relative(Date.parse(time.dateTime), Date.now());
    time.title = words;
    const place = time.parentElement?.querySelector(":scope > .relative");
    if (place) place.textContent = `（${words}）`;
  }
}

draw();
setInterval(draw, EVERY);
