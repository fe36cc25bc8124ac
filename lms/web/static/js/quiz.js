// Saves each change in the background and counts the time down. The server decides everything: "saved" is said only
// when it has confirmed this very change, a button works only once that is so, and time is over when the server says it.
// The reply to a saved answer holds the next question ("held"), after the last one the overview, and "next" shows it
// without a request. It is dropped when anything may have changed the answer meanwhile: then the button asks the server,
// as it does without a script.
// A change that the server has not confirmed is kept on the device (held.js): it outlives its page.
(() => {
  let form = document.querySelector("#answer,#hand-in");
  const words = form.dataset;
  const timer = document.querySelector("[data-seconds]");
  let set; // the time left, which the server tells anew with each answer: an extension may have moved the end
  const tabs = window.BroadcastChannel && new BroadcastChannel("quiz");
  let line, address, page, changes, held, kept, shownAt, pause = 0;
  let isNews, isBusy, isOut, pressed, wish, planned, patience = 0;

  // Begin with the question that the page shows now.
  function begin() {
    line = document.querySelector(".saved");
    line.querySelector("[data-unscripted]").remove();
    address = form.action = location.pathname;
    page = form.turn.value + Math.random().toString(36).slice(2);
    changes = pause = 0;
    isNews = isOut = pressed = wish = held = undefined;
    clearTimeout(planned);
  }

  // Show what is held as its own page would: address, title, focus on the heading, which is read aloud.
  function show() {
    const { next, confirmed } = held;
    const fresh = new DOMParser().parseFromString(next.html, "text/html");
    const body = fresh.querySelector("form"), clock = fresh.querySelector("[data-seconds]");
    if (clock) {
      clock.nextElementSibling.remove();
      clock.replaceWith(timer, timer.nextElementSibling);
    }
    history.pushState(null, "", next.url);
    document.title = next.title;
    document.querySelectorAll("main > .note").forEach(note => note.remove());
    if (body.id === form.id) {
      Object.assign(words, body.dataset);
      form.textContent = "";
      form.append(...body.childNodes);
      document.querySelector("aside").replaceWith(fresh.querySelector("aside"));
      begin();
      shownAt = performance.now();
    } else {
      form.parentNode.replaceWith(body.parentNode);
      form = body;
      address = location.pathname;
      wish = held = undefined;
    }
    form.confirmed.value = confirmed;
    scrollTo(0, 0);
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  function tell(notice) {
    if (!notice) return;
    const note = document.createElement("p");
    note.className = "note note--wait";
    note.setAttribute("role", "alert");
    note.textContent = notice;
    document.querySelector("main").prepend(note);
  }

  // How the answer was read.
  function tellRead(text) {
    const read = document.querySelector("#read");
    if (read) read.textContent = text || "";
  }

  function say(text, kind) {
    line.textContent = text;
    line.className = "saved" + (kind ? " saved--" + kind : "");
  }

  function leave() {
    // A file that answer_files.js sends is waited for as long as the grace.
    if (wish === "submit" && words.sending && ++patience < 90) return setTimeout(leave, 500);
    if (wish === "back") return location.replace(location.pathname);
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "go";
    field.value = wish;
    form.append(field);
    form.submit();
  }

  // Resolves to true once it is on the disk.
  function keep() {
    return kept = window.heldForms ? heldForms.keep(form, new FormData(form)) : Promise.resolve(false);
  }

  function drop() {
    if (kept) heldForms.clear(form);
    kept = undefined;
  }

  function plan(delay) {
    clearTimeout(planned);
    planned = setTimeout(save, delay);
  }

  async function save() {
    if (isBusy) return plan(300);
    clearTimeout(planned);
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 20000), silence = setTimeout(keep, 2000);
    isBusy = true;
    isNews = false;
    const sent = form.turn.value, body = new URLSearchParams(new FormData(form));
    if (!held) body.set("ask", "next");
    if (!isOut) say(words.saving, "wait");
    try {
      const answer = await fetch(address, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        keepalive: true,
        signal: abort.signal,
      });
      if (answer.status > 499) throw 0;
      const said = await answer.json();
      if (answer.ok) {
        if (said.turn !== sent) throw 0;
        if (!isNews) drop();
        pause = 0;
        isOut = false;
        if (said.time) set(said.time);
        tellRead(said.read);
        count(said.is_answered);
        if (said.next) held = said;
        else if (held) held.confirmed = said.confirmed;
        if (tabs) tabs.postMessage(address);
        if (wish && !isNews && !(wish === "next" && held)) leave();
        else {
          form.confirmed.value = "";
          if (isNews) say(words.saving, "wait");
          else if (wish) show();
          else say(words.saved + " " + said.saved_at);
          tell(said.notice);
        }
      } else await refused(answer.status, said);
    } catch {
      isOut = false;
      say(await keep() ? words.kept : words.failed, "wait");
      again();
    }
    clearTimeout(limit);
    clearTimeout(silence);
    isBusy = false;
  }

  // The current question's mark and the number of answered ones, as the server would show them now.
  function count(isAnswered) {
    if (isAnswered === !!words.quiz) return;
    held = undefined;
    words.quiz = isAnswered ? "answered" : "";
    const number = document.querySelector("#answered"), dot = document.querySelector(".dots [aria-current]");
    number.textContent = +number.textContent + (isAnswered ? 1 : -1);
    dot.setAttribute("aria-label", isAnswered ? dot.dataset.answered : dot.dataset.open);
    if (dot.dataset.state === "flag") return;
    dot.dataset.state = words.quiz;
    dot.querySelector("small").textContent = isAnswered ? "✓" : "";
  }

  function again() {
    isNews = true;
    plan(pause = Math.min(pause * 2 || 1000, 60000));
  }

  async function refused(status, said) {
    isNews = status < 402;
    if (isNews) keep();
    else drop();
    held = undefined;
    tellRead();
    if (!isOut) say(said.message || words.refused, "fail");
    if (status === 400) {
      const token = (await (await fetch(address)).text()).match(/csrf_token" value="([^"]+)/);
      if (token) {
        form.csrf_token.value = token[1];
        plan(500);
      }
    } else if (status === 401) {
      if (!isOut) {
        const link = document.createElement("a");
        link.href = words.login + "?next=" + encodeURIComponent(address);
        link.target = "_blank";
        link.textContent = words.signIn;
        say(words.signedOut + " ", "fail");
        line.append(link);
      }
      isOut = true;
      again();
    } else if (wish) leave();
  }

  if ("quiz" in words) {
    begin();
    form.addEventListener("input", () => {
      form.turn.value = page + "." + ++changes;
      isNews = true;
      isOut = false;
      say(words.saving, "wait");
      plan(700);
    });
    form.addEventListener("change", () => isNews && plan(0));
    addEventListener("click", event => {
      const button = event.target.closest("[name=go]");
      if (button) pressed = button.value;
    }, true);
    form.addEventListener("submit", event => {
      const isIdle = !isNews && !isBusy;
      if (isIdle && pressed !== "next") return;
      const isSecondOfTwo = !changes && performance.now() - shownAt < 500;
      if (isIdle && !held && !isSecondOfTwo) return;
      event.preventDefault();
      if (isIdle) return held && show();
      wish = pressed;
      const link = line.querySelector("a");
      if (link) link.focus();
      if (isNews) plan(0); // else the reply to come fulfils the wish
    });
    addEventListener("online", () => isNews && plan(0));
    document.addEventListener("visibilitychange", () => {
      held = undefined;
      if (isNews || isBusy) keep();
      if (isNews) save();
    });
    addEventListener("popstate", () => {
      if (location.pathname === address) return;
      wish = "back";
      if (isNews) plan(0);
      else if (!isBusy) leave();
    });
    if (tabs) tabs.addEventListener("message", event => {
      if (event.data === address) held = undefined;
    });
  }

  if (timer) {
    const began = performance.now(), passed = () => (performance.now() - began) / 1000;
    const shown = timer.querySelector("b");
    let seconds = +timer.dataset.seconds, end = +timer.dataset.submit, before = seconds, isAsking;
    timer.firstElementChild.hidden = false;
    set = said => {
      if (said.seconds == null) return timer.className = "hidden", seconds = end = 9e9;
      const fresh = said.seconds + passed();
      if (Math.abs(fresh - seconds) > 2) seconds = Math.round(fresh); // a smaller difference would make it jump
      end = said.submit_in + passed();
      shown.textContent = said.left_text;
      timer.lastChild.data = said.end_text;
    };
    const ask = async () => {
      isAsking = true;
      try {
        set(await (await fetch(timer.dataset.time)).json());
        if (end <= passed() && !wish) {
          wish = "submit";
          if (isNews || isBusy) plan(0);
          else leave();
        }
        isAsking = false;
      } catch {
        setTimeout(ask, 5000);
      }
    };
    setInterval(() => {
      const left = Math.max(0, seconds - Math.floor(passed()));
      if (left < 3600) shown.textContent = Math.floor(left / 60) + "." + ("0" + left % 60).slice(-2);
      else if (left < 86400) shown.textContent = timer.dataset.leftHours.replace("{h}", Math.floor(left / 3600))
        .replace("{m}", Math.floor(left % 3600 / 60)); // of days, the server says it
      if (left < 301) timer.dataset.urgency = left < 61 ? "one" : "five";
      else delete timer.dataset.urgency;
      for (const [mark, text] of [[300, "five"], [60, "one"]])
        if (before > mark && left <= mark) timer.nextElementSibling.textContent = timer.dataset[text];
      before = left;
      if (passed() >= end && !isAsking) ask();
    }, 1000);
    document.addEventListener("visibilitychange", () => document.hidden || isAsking || ask());
  }

  window.quizPage = { count, set, tell }; // for answer_files.js
})();
