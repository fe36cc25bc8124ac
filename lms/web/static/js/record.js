// Records spoken feedback, and puts it into the form as a file.
(() => {
  const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"];
  const ENDINGS = { "audio/mp4": "m4a", "audio/webm": "webm", "audio/ogg": "ogg" };
  const kind = window.MediaRecorder && window.DataTransfer && navigator.mediaDevices && KINDS.find(one => MediaRecorder.isTypeSupported(one));
  if (!kind) return;
  const ending = ENDINGS[kind.split(";")[0]];

  for (const box of document.querySelectorAll("[data-record]")) {
    const field = box.querySelector("input");
    const [start, stop, remove] = ["start", "stop", "remove"].map(one => box.querySelector(`[data-${one}]`));
    const [said, player] = [box.querySelector("[role=status]"), box.querySelector("audio")];
    const words = box.dataset;
    let recorder = null;

    const show = (state, text) => {
      start.hidden = state !== "empty";
      stop.hidden = state !== "recording";
      remove.hidden = player.hidden = state !== "done";
      said.textContent = text || "";
    };

    const empty = text => {
      if (player.src) URL.revokeObjectURL(player.src);
      player.removeAttribute("src");
      field.value = "";
      show("empty", text);
    };

    const finish = (parts, text) => {
      const sound = new Blob(parts, { type: kind.split(";")[0] });
      if (!sound.size || sound.size > Number(words.most)) return empty(sound.size ? words.large : words.failed);
      const list = new DataTransfer();
      list.items.add(new File([sound], `${words.name}.${ending}`, { type: sound.type }));
      field.files = list.files;
      player.src = URL.createObjectURL(sound);
      show("done", text || words.done.replace("{size}", `${Math.ceil(sound.size / 1024)} KB`));
      field.dispatchEvent(new Event("input", { bubbles: true })); // it is asked before one leaves
    };

    const record = async () => {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        return empty(words.refused);
      }
      const parts = [];
      const began = Date.now();
      const time = () => {
        const seconds = Math.floor((Date.now() - began) / 1000);
        said.textContent = words.recording.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
        if (seconds >= Number(words.seconds) && recorder.state === "recording") recorder.stop();
      };
      const clock = setInterval(time, 250);
      try {
        recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
        recorder.addEventListener("dataavailable", event => parts.push(event.data));
        recorder.addEventListener("stop", () => {
          clearInterval(clock);
          stream.getTracks().forEach(track => track.stop());
          finish(parts.filter(part => part.size), recorder.wasSent && words.stopped);
          recorder = null;
        });
        recorder.start();
        show("recording", "");
        stop.focus();
      } catch {
        clearInterval(clock);
        stream.getTracks().forEach(track => track.stop());
        recorder = null;
        empty(words.failed);
      }
    };

    start.addEventListener("click", record);
    stop.addEventListener("click", () => recorder && recorder.stop());
    remove.addEventListener("click", () => empty());
    field.form.addEventListener("submit", event => {
      if (!recorder) return;
      event.preventDefault();
      recorder.wasSent = true;
      recorder.stop();
    });
    box.hidden = false;
  }
})();
