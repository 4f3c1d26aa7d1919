// One sentence in the corner, read out by a screen reader; the next one takes its place.
const place = document.getElementById("notes");

export function say(sentence, kind = "info") {
  const note = document.createElement("div");
  note.className = `alert alert-${kind} mb-0`;
  note.textContent = sentence;
  place.replaceChildren(note);
}

export function silence() {
  place.replaceChildren();
}
