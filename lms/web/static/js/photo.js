// Makes a large photo smaller on the device and lets one choose what is sent: a photo over the limit only in its small
// version, one that is merely large in either. Without this script the server refuses what is over the limit.
(() => {
  const LARGE = 2 * 1024 * 1024; // minutes on a slow line
  const HEAD = 256 * 1024; // the first part of a file, which holds its EXIF data
  // By EXIF orientation 2 to 8: how the pixels of a picture of width w and height h are turned.
  const TURNS = [
    w => [-1, 0, 0, 1, w, 0], (w, h) => [-1, 0, 0, -1, w, h], (w, h) => [1, 0, 0, -1, 0, h], () => [0, 1, 1, 0, 0, 0],
    (w, h) => [0, 1, -1, 0, h, 0], (w, h) => [0, -1, -1, 0, h, w], w => [0, -1, 1, 0, 0, w],
  ];
  const box = document.getElementById("photo");
  let cancel = () => {};
  if (!box) return;
  const says = box.dataset;

  const read = (blob, how) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = fail;
    reader[how](blob);
  });

  // Sets the orientation in a JPEG's EXIF data to "upright"; gives what it was.
  function turnUpright(view) {
    for (let at = 2; view.getUint16(0) === 0xFFD8 && view.getUint8(at) === 0xFF; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint16(at) === 0xFFDA) break;
      if (view.getUint16(at) !== 0xFFE1 || view.getUint32(at + 4) !== 0x45786966) continue;
      const start = at + 10;
      const isLittle = view.getUint16(start) === 0x4949;
      const entries = start + view.getUint32(start + 4, isLittle);
      for (let n = 0; n < view.getUint16(entries, isLittle); n++) {
        const entry = entries + 2 + 12 * n;
        if (view.getUint16(entry, isLittle) !== 0x0112) continue;
        const turn = view.getUint16(entry + 8, isLittle);
        view.setUint16(entry + 8, 1, isLittle);
        return turn;
      }
    }
    return 1;
  }

  // The picture as its pixels lie, and how they are to be turned: browsers disagree about who does that.
  async function load(file) {
    const head = await read(file.slice(0, HEAD), "readAsArrayBuffer");
    let turn = 1;
    try {
      turn = turnUpright(new DataView(head));
    } catch { /* broken EXIF data: as the pixels lie */ }
    const picture = new Image();
    const isLoaded = new Promise((done, fail) => {
      picture.onload = done;
      picture.onerror = fail;
    });
    picture.src = await read(new Blob([head, file.slice(HEAD)], { type: file.type }), "readAsDataURL");
    await isLoaded;
    return { picture, turn };
  }

  function drawn({ picture, turn }, longest) {
    const scale = Math.min(1, longest / Math.max(picture.naturalWidth, picture.naturalHeight));
    const width = Math.round(picture.naturalWidth * scale);
    const height = Math.round(picture.naturalHeight * scale);
    const canvas = document.createElement("canvas");
    canvas.width = turn > 4 ? height : width;
    canvas.height = turn > 4 ? width : height;
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff"; // JPEG knows no transparency
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    if (TURNS[turn - 2]) context.transform(...TURNS[turn - 2](width, height));
    context.drawImage(picture, 0, 0, width, height);
    return canvas;
  }

  // The largest of some versions that fits, or null.
  async function shrunk(file, most) {
    const loaded = await load(file);
    for (const longest of [2560, 2048, 1600, 1280, 1024, 800]) {
      const canvas = drawn(loaded, longest);
      for (const rate of [0.85, 0.7]) {
        const blob = await new Promise(done => { canvas.toBlob(done, "image/jpeg", rate); });
        if (blob && blob.size <= most) return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
      }
    }
    return null;
  }

  function size(bytes) {
    const number = (value, digits) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
    return bytes < 1048576 ? number(Math.max(1, bytes / 1024), 0) + " KB" : number(bytes / 1048576, 1) + " MB";
  }

  // Asks which version to send.
  function ask(file, small, most) {
    return new Promise(done => {
      const isOver = file.size > most;
      const row = document.createElement("p");
      row.className = "row";
      const offer = (text, value, name) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = name;
        button.textContent = text;
        button.onclick = () => done(value);
        row.append(button);
      };
      box.firstElementChild.textContent = (isOver ? says.over : says.slow)
        .replace("{size}", size(file.size)).replace("{most}", size(most));
      offer(says.small.replace("{size}", size(small.size)), small, "");
      if (!isOver) offer(says.original.replace("{size}", size(file.size)), file, "button--quiet");
      offer(says.skip, null, "bare");
      box.append(row);
      cancel = () => done(null);
    });
  }

  // Gives the file to send, or null if none is to be; undefined where there is nothing to choose.
  window.choosePhoto = async (file, most) => {
    cancel();
    if (!/^image\//.test(file.type) || file.size <= Math.min(LARGE, most)) return undefined;
    box.hidden = false;
    box.firstElementChild.textContent = says.making;
    try {
      const small = await shrunk(file, most);
      return small && (file.size > most || small.size < file.size * 0.7) ? await ask(file, small, most) : undefined;
    } catch {
      return undefined; // not a picture that this browser knows
    } finally {
      box.hidden = true;
      while (box.children.length > 1) box.lastElementChild.remove();
    }
  };
})();
