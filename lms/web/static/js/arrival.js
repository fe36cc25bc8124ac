// Sends a picture as soon as it is chosen, pasted or dropped, and puts it into the text with the description that was
// written. Without this script, the button sends text and file together.
(() => {
  const place = document.getElementById("arrival");
  const text = document.getElementById("source");
  const form = document.getElementById("editor");
  if (!place || !text || !form) return;
  const input = document.getElementById("arrival-file");
  const state = document.getElementById("arrival-state");
  const description = document.getElementById("arrival-description");
  const decoration = document.getElementById("arrival-decoration");
  const decorates = decoration.querySelector("input");
  const button = place.querySelector("button");
  const says = place.dataset;
  let waiting = null; // a file that has not arrived
  let link = ""; // of the file that has

  function say(kind, words) {
    state.className = kind ? `saved saved--${kind}` : "saved";
    state.textContent = words;
  }

  async function send(file) {
    place.open = true;
    decoration.hidden = !file.type.startsWith("image/");
    decorates.checked = false;
    waiting = file;
    link = "";
    say("wait", says.sending);
    const body = new FormData();
    for (const name of ["csrf_token", "for"]) {
      if (form.elements[name]) body.append(name, form.elements[name].value);
    }
    body.append("from", says.from);
    body.append("file", file, file.name || "gambar.png");
    let answer;
    try {
      const response = await fetch(says.url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (response.status > 499) throw response.status;
      answer = await response.json();
    } catch {
      if (waiting === file) say("fail", says.offline);
      return;
    }
    if (waiting !== file) return; // another one was chosen meanwhile
    waiting = null;
    input.value = "";
    if (!answer.link) return say("fail", answer.message || says.out);
    link = answer.link;
    say("", answer.said);
    description.focus();
    place.scrollIntoView({ block: "center" });
  }

  function add() {
    if (!link) {
      if (waiting) send(waiting);
      else input.click();
      return;
    }
    const words = description.value.trim().replace(/\s+/g, " ").replace(/[[\]\\]/g, "\\$&");
    if (!words && !decorates.checked) {
      say("fail", says.words);
      description.focus();
      return;
    }
    const mark = words ? `![${words}](${link})` : `<img src="${link}" alt="">`;
    link = "";
    description.value = "";
    decorates.checked = false;
    place.open = false;
    say("", "");
    window.sourceBlock(mark, mark.length, mark.length);
  }

  // The first file that is no text; words that come with it, as from Word, are pasted as words.
  function fileOf(data) {
    if (!data || (data.types && [...data.types].includes("text/plain"))) return null;
    const kinds = ["image", "video", "audio"];
    return [...data.files || []].find(file => kinds.includes(file.type.split("/")[0])) || null;
  }

  input.addEventListener("change", () => { if (input.files[0]) send(input.files[0]); });
  button.addEventListener("click", event => {
    event.preventDefault();
    add();
  });
  description.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  text.addEventListener("paste", event => {
    const file = fileOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    send(file);
  });
  text.addEventListener("dragover", event => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
  text.addEventListener("drop", event => {
    const file = fileOf(event.dataTransfer);
    if (!file) return;
    event.preventDefault();
    send(file);
  });
})();
