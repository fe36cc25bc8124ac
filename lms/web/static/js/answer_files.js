// Sends a file of an answer as soon as it is chosen, beside the text, which quiz.js saves meanwhile. Until the server has
// it, the file is kept on the device (held.js) and sent again. Of a large photo, photo.js offers a smaller version first.
(() => {
  const form = document.getElementById("answer");
  const address = location.pathname;
  const part = () => location.pathname === address && document.getElementById("files");
  const line = () => document.getElementById("file-state");
  let unsent; // the chosen file, until the server has answered
  let abort;
  let isKept;
  let choices = 0;
  let timer;

  function say(kind, text, canStop) {
    const state = part() && line();
    if (!state) return;
    state.className = kind ? `note note--${kind}` : "";
    state.textContent = text;
    if (!canStop) return;
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "bare";
    stop.textContent = state.dataset.stop;
    stop.addEventListener("click", () => finish());
    state.append(" ", stop);
  }

  function fields() {
    const data = new FormData(form);
    data.set("file", unsent, unsent.name);
    data.set("go", "attach");
    return data;
  }

  const keep = () => window.heldForms ? heldForms.keep(form, fields()) : false;

  // Nothing is on its way any more; ``text`` says why, if the file did not arrive.
  function finish(text) {
    clearTimeout(timer);
    choices++;
    unsent = isKept = form.dataset.sending = "";
    if (abort) abort.abort();
    if (window.heldForms) heldForms.clear(form);
    say(text ? "fail" : "", text || "");
    if (text && !part()) quizPage.tell(text);
  }

  function show(said, name) {
    const photo = document.getElementById("photo"), hadFocus = part().contains(document.activeElement);
    quizPage.count(said.is_answered);
    part().outerHTML = said.files;
    const fresh = document.getElementById("photo"), field = document.getElementById("file");
    if (fresh) fresh.replaceWith(photo); // the one that photo.js knows
    if (hadFocus && field) field.focus({ preventScroll: true });
    setTimeout(() => say("done", line().dataset.arrived.replace("{name}", name)), 100); // read aloud: the line is new
  }

  async function send() {
    const choice = choices;
    if (!unsent || abort) return;
    clearTimeout(timer);
    isKept = false;
    abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 20000 + unsent.size / 4);
    say("wait", line().dataset.uploading, true);
    try {
      const answer = await fetch(address, {
        method: "POST", body: fields(), headers: { "X-Requested-With": "fetch" }, signal: abort.signal,
      });
      if (answer.status > 499 || answer.status === 429) throw answer;
      const said = await answer.json();
      if (choice !== choices) return;
      if (said.error === "token" || said.error === "signed-out") finish(line().dataset.out);
      else if (said.files) {
        const name = unsent.name;
        finish();
        if (said.time) quizPage.set(said.time);
        if (part()) show(said, name);
      } else finish(said.message);
    } catch {
      if (choice !== choices) return;
      timer = setTimeout(send, 15000);
      isKept = await keep();
      if (choice === choices && line()) say("wait", isKept ? line().dataset.kept : line().dataset.failed, true);
    } finally {
      clearTimeout(limit);
      abort = undefined;
    }
  }

  async function choose(field) {
    const chosen = field.files[0];
    const most = Number(field.dataset.most);
    const choice = ++choices;
    if (!chosen) return;
    const picked = window.choosePhoto ? await choosePhoto(chosen, most) : undefined;
    if (choice !== choices) return;
    field.value = ""; // it is sent from here, and with no other button
    if (picked === null) return say("", "");
    const file = picked || chosen;
    if (file.size > most) return say("fail", line().dataset.large);
    unsent = file;
    form.dataset.sending = "yes";
    send();
  }

  // Before quiz.js, which saves what is typed.
  for (const type of ["input", "change"]) addEventListener(type, event => {
    if (event.target.id !== "file" || event.target.form !== form) return;
    event.stopImmediatePropagation();
    if (type === "change") choose(event.target);
  }, true);
  addEventListener("submit", event => {
    if (event.target !== form || !unsent || isKept) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("fail", line().dataset.arriving, true);
  }, true);
  addEventListener("online", send);
})();
