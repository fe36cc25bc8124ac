// Keeps the draft of an assignment while one writes, and uploads a file as soon as it is chosen.
// Says "saved" only after the server has confirmed this very change. While the server does not answer, text and file are
// kept on the device (held.js). Of a large photo, photo.js offers a smaller version first.
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
  let isUploading = false;
  let isChoosing = false;
  let choices = 0;
  let isLeaving = false;
  let unsent; // the chosen file, until the server has answered
  state.querySelector("[data-unscripted]").remove();

  function say(kind, text) {
    state.className = kind ? `saved saved--${kind}` : "saved";
    state.textContent = text;
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  // The form as the button `verb` would send it.
  function content(verb, chosen) {
    const data = new FormData(form);
    data.delete("file");
    if (chosen) data.set("file", chosen, chosen.name);
    data.set("do", verb);
    return data;
  }

  // Keeps text and file on the device; gives whether they are there.
  const keep = () => window.heldForms ? heldForms.keep(form, content(unsent ? "upload" : "save", unsent)) : false;
  const drop = () => window.heldForms && heldForms.clear(form);

  // Gives the server's answer, or throws where there is no line or no server.
  async function send(verb, chosen) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 20000 + (chosen ? chosen.size / 4 : 0));
    try {
      const response = await fetch(location.pathname, {
        method: "POST", body: content(verb, chosen), headers: { "X-Requested-With": "fetch" }, keepalive: !chosen,
        signal: abort.signal,
      });
      if (response.status > 499) throw response.status;
      const answer = await response.json();
      return { ...answer, isOut: answer.error === "signed-out" || answer.error === "token" };
    } finally {
      clearTimeout(limit);
    }
  }

  async function save() {
    const sent = changes;
    if (isLeaving || sent === confirmed) return;
    const isKept = wait || isBusy ? keep() : false;
    if (isBusy) return;
    isBusy = true;
    try {
      const answer = await send("save");
      if (isLeaving) return;
      if (answer.saved_at) {
        if (answer.turn !== page + "." + sent) throw answer;
        confirmed = sent;
        wait = 0;
        say("", says.saved.replace("{time}", answer.saved_at));
        if (changes !== confirmed) later(2);
        else if (unsent) keep();
        else drop();
      } else {
        say("fail", answer.isOut ? says.out : answer.message || says.typing);
      }
    } catch {
      if (isLeaving) return; // what is handed in stays in its place
      wait = Math.min(60, wait * 2 || 4);
      later(wait);
      say("wait", await isKept || await keep() ? says.kept : says.offline);
    } finally {
      isBusy = false;
    }
  }

  async function sendFile() {
    if (!unsent || isUploading || isLeaving) return;
    isUploading = true;
    say("wait", says.uploading);
    const sent = changes;
    try {
      const answer = await send("upload", unsent);
      if (isLeaving) return;
      if (answer.saved_at) {
        await drop();
        isLeaving = changes === sent;
        confirmed = sent;
        location.hash = "files";
        location.reload();
      } else {
        if (!answer.isOut) {
          unsent = undefined;
          file.value = "";
        }
        say("fail", answer.isOut ? says.out : answer.message || says.failed);
      }
    } catch {
      if (isLeaving) return;
      setTimeout(sendFile, 15000);
      say("wait", await keep() ? says.kept : says.failed);
    } finally {
      isUploading = false;
    }
  }

  // A large photo may be sent in a smaller version, which then takes its place in the form where the browser allows it.
  async function choose() {
    const chosen = file.files[0];
    const most = Number(file.dataset.most);
    const choice = ++choices;
    unsent = undefined;
    if (!chosen) return;
    isChoosing = true;
    const picked = window.choosePhoto ? await choosePhoto(chosen, most) : undefined;
    if (choice !== choices) return;
    isChoosing = false;
    if (picked !== chosen && (picked !== undefined || chosen.size > most)) file.value = "";
    if (picked === null) return say("", "");
    unsent = picked || chosen;
    if (unsent.size > most) {
      unsent = undefined;
      return say("fail", says.large);
    }
    if (unsent !== chosen) {
      try {
        const files = new DataTransfer();
        files.items.add(unsent);
        file.files = files.files;
      } catch { /* an older browser: the file is sent from here, and nothing is handed in before */ }
    }
    sendFile();
  }

  form.addEventListener("input", event => {
    if (event.target === file) return;
    form.elements.turn.value = page + "." + ++changes;
    if (isLeaving) {
      isLeaving = false;
      keep(); // instead of what was to be handed in as it stood
      say("fail", says.again);
      setTimeout(sendFile, 15000);
    } else say("wait", says.typing);
    later(2);
  });
  form.addEventListener("submit", event => {
    if (isChoosing || unsent && !file.files.length) {
      event.preventDefault();
      say("fail", isChoosing ? says.choosing : says.arriving);
      return;
    }
    isLeaving = true;
    clearTimeout(timer);
    say("", "");
  });
  if (file && upload) file.addEventListener("change", choose);
  addEventListener("online", () => {
    save();
    sendFile();
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("beforeunload", event => {
    if (isLeaving || changes === confirmed) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers ask for
  });
})();
