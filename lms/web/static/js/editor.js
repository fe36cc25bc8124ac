// Saves the source of a file while one writes: on the device at once, on the server every few seconds.
// Says "saved" only after the server has confirmed this very text.
(() => {
  const form = document.getElementById("editor");
  const state = document.getElementById("save-state");
  if (!form || !state) return;
  const says = state.dataset;
  const text = form.elements.text;
  const owner = form.elements.for ? form.elements.for.value : "";
  const kept = "source:" + owner + ":" + location.pathname;
  let confirmed = text.value;
  let timer = 0;
  let wait = 0;
  let isBusy = false;
  let isLeaving = false;
  let isStopped = false;

  function say(kind, words) {
    state.className = kind ? `saved saved--${kind}` : "saved";
    state.textContent = words;
  }

  function keep() {
    try {
      if (text.value === confirmed) localStorage.removeItem(kept);
      else localStorage.setItem(kept, JSON.stringify([form.elements.base.value, text.value, isLeaving]));
    } catch { /* a full or forbidden store: the server has what was confirmed */ }
  }

  // What this device had not brought to the server, with the version that it began from. What was sent by the button
  // has arrived if the version is another one now: it was saved, or shown beside the other version.
  function putBack() {
    try {
      const [base, words, wasSent] = JSON.parse(localStorage.getItem(kept)) || [];
      const hasArrived = wasSent && base !== form.elements.base.value;
      if (words === undefined || words === text.value || hasArrived) return localStorage.removeItem(kept);
      form.elements.base.value = base;
      text.value = words;
      changed();
    } catch { /* nothing is kept, or nothing can be */ }
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  async function save() {
    const sent = text.value;
    if (isBusy || isLeaving || isStopped || sent === confirmed) return;
    isBusy = true;
    const abort = new AbortController();
    const body = new FormData(form);
    body.delete("file"); // it goes on its own way (arrival.js)
    const limit = setTimeout(() => abort.abort(), 20000);
    try {
      const response = await fetch(location.pathname, {
        method: "POST", body, headers: { "X-Requested-With": "fetch" }, signal: abort.signal,
      });
      if (response.status > 499) throw response.status;
      const answer = await response.json();
      if (answer.saved_at) {
        confirmed = sent;
        wait = 0;
        form.elements.base.value = answer.base;
        keep();
        if (text.value === sent) say("", says.saved.replace("{time}", answer.saved_at));
        else later(3);
      } else {
        isStopped = response.status === 412;
        say("fail", answer.message || says.out);
      }
    } catch {
      wait = Math.min(60, wait * 2 || 4);
      say("wait", says.offline);
      later(wait);
    } finally {
      clearTimeout(limit);
      isBusy = false;
    }
  }

  function changed() {
    keep();
    if (isStopped) return;
    say("wait", says.typing);
    later(3);
  }

  // The caret at the line that a fault names.
  function show(line) {
    const at = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(at, at);
    text.scrollTop = (line - 3) * parseFloat(getComputedStyle(text).lineHeight);
  }

  text.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    isLeaving = true;
    clearTimeout(timer);
    keep();
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("[data-line]");
    if (link) show(Number(link.dataset.line));
  });
  addEventListener("online", save);
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("beforeunload", event => {
    if (isLeaving || text.value === confirmed) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers ask for
  });
  putBack();
  const named = /^#line-(\d+)$/.exec(location.hash);
  if (named) show(Number(named[1]));
})();
