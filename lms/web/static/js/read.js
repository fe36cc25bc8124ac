// Says how far one is in a text, keeps the place (on the device at once, on the server soon), and records the text as
// read when its end was reached and it was in view for long enough. Otherwise the button says so.
(() => {
  const READ = 0.45; // of the reading time: who takes less skims (Carver 1992: 450 words a minute)
  const STAY = 4000; // ms in a part that make it the place
  const BETWEEN = 15000; // ms from one request to the next
  const find = names => document.querySelector(names);
  const form = find("form#read"), text = find("[data-seconds]"), end = find("div#state,.neighbours");
  const says = text.dataset, seconds = says.seconds.split(" ").map(Number), owner = find("main [name=for]");
  const label = find(".placebar span"), whole = label && label.textContent;
  const links = [...document.querySelectorAll(".toc a")];
  const ids = links.map(link => decodeURIComponent(link.hash.slice(1)));
  const edges = [text, ...ids.map(id => document.getElementById(id)), end];
  const key = "place " + (owner || says).value + " " + location.pathname;
  const sum = numbers => numbers.reduce((all, one) => all + one, 0);
  const share = (some, all) => Math.max(0, Math.min(1, some / all));

  // What the device keeps: seconds in view of each part; the place, since when, whether the server has it, and what the
  // newest place was that it had heard of. With what the server has, it decides which of two devices is ahead.
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key)) || kept; } catch {}
  if (!kept.seen || kept.seen.length !== seconds.length) kept.seen = seconds.map(() => 0);
  if (!ids.includes(kept.place) || kept.isSent && kept.known !== says.known) kept.place = "";
  const keep = () => {
    try {
      if (isDone) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(kept));
    } catch {}
  };

  let here, since, sentAt = -BETWEEN, last = performance.now(), isDone = !form, isOut, wasAtEnd;

  async function post(fields) {
    const body = new FormData(form);
    for (const name in fields) body.set(name, fields[name]);
    sentAt = performance.now();
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body, headers: { "X-Requested-With": "fetch" }, keepalive: true,
      });
      if (answer.ok) return await answer.json();
      isOut = answer.status < 500 && answer.status !== 429; // signed out, or an old page: the next one sends it
    } catch {}
    return {};
  }

  async function sendPlace(isOld) {
    const place = kept.place, ago = (Date.now() - kept.time) / 1000 | 0;
    if (!place || isDone || isOut) return;
    const said = await post({ place, age: ago < 0 ? 9e9 : ago, known: kept.known });
    if (said.state) isDone = true;
    if (!said.place) return keep();
    says.known = said.time;
    kept.known = says.known; // as text, as the page has it
    if (kept.place === place) kept.isSent = true;
    if (isOld) {
      const where = find(".where");
      where.innerHTML = said.said;
      where.hidden = false;
    }
    keep();
  }

  async function sendRead() {
    const said = await post({ by_script: 1 });
    if (said.state !== "done") return said.state && delete says.records; // taken back elsewhere
    isDone = true;
    end.innerHTML = said.said;
    keep();
  }

  // The part that is read is the last one that begins in the upper third; at the end of the text, the last one. Seconds
  // go to the parts on the screen. None gets more than its own reading time, so waiting at one reads no other.
  function look(gone) {
    const tops = edges.map(one => one.getBoundingClientRect().top), line = innerHeight / 3, foot = tops[ids.length + 1];
    const isLast = foot < innerHeight && tops[0] < 0;
    if (foot < innerHeight) wasAtEnd = true;
    let now = 0;
    while (now < ids.length && (isLast || tops[now + 1] < line)) now++;
    if (now !== here) since = performance.now();
    here = now;
    if (gone) {
      const shown = seconds.map((_, at) => Math.max(0, Math.min(innerHeight, tops[at + 1]) - Math.max(0, tops[at])));
      kept.seen = kept.seen.map((one, at) => Math.min(seconds[at], one + gone * share(shown[at], sum(shown) || 1)));
    }
    if (!label) return;
    const left = sum(seconds.slice(now)) - seconds[now] * share(line - tops[now], tops[now + 1] - tops[now]);
    const said = label.dataset.told.replace("{n}", now).replace("{left}", Math.max(1, Math.round(left / 60)));
    label.textContent = !now ? whole : isLast ? said.split(" · ")[0] : said;
    if (now) links.forEach((link, at) => link.setAttribute("aria-current", at === now - 1 && "location"));
    const progress = label.parentNode.lastChild;
    progress.hidden = false;
    progress.value = share(innerHeight - tops[0], foot - tops[0]);
  }

  function tick() {
    const now = performance.now(), gone = Math.min(2, (now - last) / 1000);
    last = now;
    if (document.hidden || isDone) return;
    look(gone);
    if (here && now - since > STAY) {
      const isNew = kept.place !== ids[here - 1];
      kept.place = ids[here - 1];
      kept.time = Date.now();
      kept.known = says.known;
      if (isNew) {
        kept.isSent = false;
        keep();
      }
    }
    if (isOut || now - sentAt < BETWEEN) return;
    if ("records" in says && wasAtEnd && sum(kept.seen) >= READ * sum(seconds)) sendRead();
    else if (!kept.isSent) sendPlace();
  }

  addEventListener("scroll", () => look());
  look();
  if (isDone) return keep();
  form.addEventListener("submit", () => {
    isDone = true;
    keep();
  });
  if (!kept.isSent) sendPlace(true);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => {
    last = performance.now();
    if (!document.hidden || isDone) return;
    keep();
    if (!kept.isSent || last - sentAt > BETWEEN) sendPlace();
  });
})();
