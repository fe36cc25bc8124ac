// Learners' forms on a line that breaks: a form with data-held is sent by this script, and then the page follows the
// server's answer, so that nobody lands on the browser's own error page. With data-held="keep" it goes to the device first,
// by account, and is sent until the server has answered: from this page, or from the next page of the site that is opened.
// So the server must be able to take it twice. Any other form, and any link, is only stopped while the device knows that it
// is offline.
(() => {
  const says = WORDS, owner = document.querySelector("[data-owner]").dataset.owner, waiting = new Set();
  let pressed, pause = 0, timer, opened;

  // Resolves once it is on the disk: only then may a page say that something is kept on the device.
  async function store(verb, value) {
    opened = opened || new Promise((done, fail) => {
      const asked = indexedDB.open("held", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("forms", { keyPath: ["owner", "action"] });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = fail;
      setTimeout(fail, 3000); // some browsers never answer
    });
    const forms = await opened.catch(reason => {
      opened = 0; // a device that was too busy is asked again
      throw reason;
    });
    return new Promise((done, fail) => {
      const change = forms.transaction("forms", "readwrite", { durability: "strict" });
      const asked = change.objectStore("forms")[verb](value);
      change.oncomplete = () => done(asked.result);
      change.onabort = fail;
    });
  }

  const keep = entry => store("put", entry).then(() => true, () => false);
  const drop = entry => store("delete", [entry.owner, entry.action]).catch(() => {});
  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  const entryOf = (form, fields) => ({
    owner,
    action: form.getAttribute("action") || location.pathname + location.search,
    title: form.dataset.title || document.title.split(" · ")[0],
    fields: [...fields],
  });

  async function post(entry) {
    const body = new FormData(), abort = new AbortController();
    let time = 20000;
    for (const [name, value] of entry.fields) {
      body.append(name, value);
      time += (value.size || 0) / 4; // milliseconds, at 4 KB a second
    }
    const limit = setTimeout(() => abort.abort(), time);
    try {
      const answer = await fetch(entry.action, {
        method: "POST", body, headers: { "X-Requested-With": "held" }, signal: abort.signal,
      });
      if (answer.status > 499 || answer.status === 429) throw answer;
      return answer;
    } finally {
      clearTimeout(limit);
    }
  }

  // As the browser would have sent it, to see the page that refuses it.
  function leave(form, fields) {
    for (const [name, value] of fields) form.append(make("input", { type: "hidden", name, value }));
    HTMLFormElement.prototype.submit.call(form);
  }

  function tell(one, text, ...more) {
    if (!one.note || !one.note.isConnected) {
      one.note = make("p", { className: "note note--wait held" });
      one.note.setAttribute("role", "status");
      if (one.form) one.form.append(one.note);
      else document.querySelector("main").prepend(one.note);
    }
    one.note.textContent = text;
    one.note.append(...more);
  }

  // What an earlier page kept: with buttons to send it now, or to delete it.
  function offer(one) {
    const button = (textContent, onclick) => make("button", { type: "button", className: "bare", textContent, onclick });
    tell(one, says.waiting.replace("{title}", one.title) + " ", button(says.send, () => {
      one.isPressed = true;
      send(one);
    }), button(says.remove, () => {
      waiting.delete(one);
      drop(one);
      one.note.remove();
    }));
  }

  async function send(one) {
    const form = one.form;
    if (one.isBusy) return;
    one.isBusy = true;
    try {
      let answer = await post(one);
      const token = answer.headers.get("X-CSRF-Token");
      if (token) {
        for (const field of one.fields) if (field[0] === "csrf_token") field[1] = token;
        answer = await post(one);
      }
      waiting.delete(one);
      const go = answer.headers.get("X-Redirect");
      // Of pages that refuse a form, only one that checks its fields shows again what was typed.
      if (go || (form || one.isPressed) && (answer.ok || answer.status === 422)) await drop(one);
      if (form) {
        if (go) location.href = go;
        else leave(form, one.button);
      } else if (go) {
        if ([go, one.action].includes(location.pathname) && !document.querySelector("main :focus")) location.reload();
        tell(one, "", make("a", { href: go, textContent: says.sent.replace("{title}", one.title) }));
        one.note.className = "note note--done held";
      } else if (one.isPressed) {
        leave(document.body.appendChild(make("form", { method: "post", action: one.action })), one.fields);
      } else {
        if (answer.status > 401) keep({ ...one, note: 0, isBusy: 0, isRefused: 1 }); // else the next sign-in fixes it
        offer(one);
      }
    } catch {
      if (form) tell(one, await one.isKept ? says.kept + " " + (form.dataset.counts || "") : says.page);
      else offer(one);
      if (!form || form.held === one && one.isKept) {
        waiting.add(one);
        clearTimeout(timer);
        timer = setTimeout(again, pause = Math.min(pause * 2 || 4000, 60000));
      }
    }
    one.isBusy = false;
  }

  const again = () => waiting.forEach(send);

  const away = {};
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href^='/']");
    pressed = event.target.closest("button");
    if (!link || navigator.onLine) return;
    event.preventDefault(); // else the browser's error page comes
    tell(away, says.away + " ", make("a", { href: link.href, textContent: link.textContent }));
    away.note.style.cssText = "position:sticky;top:0;z-index:5";
  }, true);
  document.addEventListener("submit", event => {
    const form = event.target, how = form.dataset.held, before = form.held || {};
    if (event.defaultPrevented || form.method !== "post" || !how && navigator.onLine) return;
    event.preventDefault();
    if (before.isBusy) return;
    waiting.delete(before);
    const button = pressed && pressed.form === form && pressed.name ? [[pressed.name, pressed.value]] : [];
    const entry = entryOf(form, [...new FormData(form), ...button]);
    const one = form.held = { ...entry, form, button, note: before.note };
    tell(one, how ? says.sending : says.page);
    if (how === "keep") one.isKept = keep(entry);
    if (how) send(one);
  });
  addEventListener("online", again);
  addEventListener("pageshow", event => {
    if (event.persisted) document.querySelectorAll(".held").forEach(note => note.remove());
  });

  window.heldForms = {
    // Keeps these fields instead of what was kept for the form or is waiting; gives whether they are on the disk.
    keep(form, fields) {
      const one = form.held;
      if (one) {
        waiting.delete(one);
        form.held = one.note.textContent = "";
      }
      return keep(entryOf(form, fields));
    },
    clear: form => drop(entryOf(form, [])),
  };

  // The page that sends a recovered form has it already.
  if (!document.forms.kept) store("getAll", IDBKeyRange.bound([owner], [owner, []])).then(found => {
    for (const one of found) one.isRefused ? offer(one) : send(one);
  }, () => {});
})();
