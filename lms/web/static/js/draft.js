/* Keeps the draft of an assignment while one writes, and uploads a file as soon as it is chosen.
   Says "saved" only after the server has confirmed this very change. */
(() => {
  const form = document.getElementById("work");
  const state = document.getElementById("draft-state");
  if (!form || !state) return;
  const says = state.dataset;
  const file = form.querySelector("[type=file]");
  const upload = document.getElementById("upload");
  const page = form.elements.turn.value + Math.random().toString(36).slice(2);
  let changes = 0;
  let confirmed = 0;
  let timer = 0;
  let wait = 0;
  let isBusy = false;
  let isLeaving = false;

  function say(kind, text) {
    state.className = kind ? `saved saved--${kind}` : "saved";
    state.textContent = text;
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  /* Sends the form as the button `verb` would; gives the answer, or throws where there is no line or no server. */
  async function send(verb, withFile, signal) {
    const data = new FormData(form);
    if (!withFile) data.delete("file");
    data.set("do", verb);
    const response = await fetch(location.pathname, {
      method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, keepalive: !withFile, signal,
    });
    if (response.status > 499) throw response.status;
    const answer = await response.json();
    return { ...answer, isOut: answer.error === "signed-out" || answer.error === "token" };
  }

  async function save() {
    const sent = changes;
    if (isBusy || isLeaving || sent === confirmed) return;
    isBusy = true;
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 20000);
    try {
      const answer = await send("save", false, abort.signal);
      if (isLeaving) return;
      if (answer.saved_at) {
        if (answer.turn !== page + "." + sent) throw answer;
        confirmed = sent;
        wait = 0;
        say("", says.saved.replace("{time}", answer.saved_at));
        if (changes !== confirmed) later(2);
      } else {
        say("fail", answer.isOut ? says.out : answer.message ?? says.typing);
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

  async function sendFile() {
    const chosen = file.files[0];
    if (!chosen) return;
    if (chosen.size > Number(file.dataset.most)) {
      file.value = "";
      say("fail", says.large);
      return;
    }
    say("wait", says.uploading);
    const sent = changes;
    try {
      const answer = await send("upload", true);
      if (answer.saved_at) {
        isLeaving = changes === sent;
        confirmed = sent;
        location.hash = "files";
        location.reload();
      } else {
        if (!answer.isOut) file.value = "";
        say("fail", answer.isOut ? says.out : answer.message ?? says.failed);
      }
    } catch {
      say("fail", says.failed);
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target === file) return;
    form.elements.turn.value = page + "." + ++changes;
    say("wait", says.typing);
    later(2);
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
    clearTimeout(timer);
  });
  if (file && upload) file.addEventListener("change", sendFile);
  addEventListener("online", save);
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("beforeunload", (event) => { if (!isLeaving && changes !== confirmed) event.preventDefault(); });
})();
