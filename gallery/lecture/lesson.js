// A lesson as data: a playlist of states with what is said and asked at each; and how it travels in a link or a file.

/**
 * @typedef {{ask: string, answers: string[], right: number, why: string, veil: string}} Question right: an index, -1 where
 * none is; veil: a part of the act that is covered until the question is answered.
 */
/** @typedef {{state: string, title: string, text: string, notes: string, spot: string, question: Question | null}} Step */
/** @typedef {{title: string, steps: Step[]}} Lesson */

/** The parts of an act that a step may light; gallery/lecture/lessons.py knows the same. */
export const SPOTS = ["words", "formula", "tries", "stage", "outcome", "film"];
/** Characters of a link up to which it is handed on; beyond, the lesson is a file. */
export const SHORT = 2000;
const MOST = { packed: 20_000, json: 400_000, steps: 60, answers: 4 };
const LONG = { title: 120, text: 300, notes: 4000, state: 1500, answer: 160 };

const text = (given, longest) => (typeof given === "string" ? given.trim().slice(0, longest) : "");

/** @returns {Question | null} */
function question(given) {
  const ask = text(given?.ask, LONG.text);
  const answers = (Array.isArray(given?.answers) ? given.answers : []).map((each) => text(each, LONG.answer)).filter(Boolean).slice(0, MOST.answers);
  if (!ask || answers.length < 2) return null;
  const right = Number.isInteger(given.right) && given.right >= 0 && given.right < answers.length ? given.right : -1;
  return { ask, answers, right, why: text(given.why, LONG.notes), veil: SPOTS.includes(given.veil) ? given.veil : "" };
}

/** @returns {Step | null} */
function step(given) {
  const state = text(given?.state, LONG.state);
  if (!state) return null;
  return {
    state, title: text(given.title, LONG.title), text: text(given.text, LONG.text), notes: text(given.notes, LONG.notes),
    spot: SPOTS.includes(given.spot) ? given.spot : "", question: question(given.question),
  };
}

/**
 * What arrives from a link or a file as a lesson: texts as long as they may be, and nothing else; null where it is none.
 * @param {any} given
 * @returns {Lesson | null}
 */
export function sane(given) {
  const steps = (Array.isArray(given?.steps) ? given.steps : []).slice(0, MOST.steps).map(step).filter(Boolean);
  return steps.length ? { title: text(given.title, LONG.title), steps } : null;
}

/**
 * Without what is empty: as it is written into a file or a link.
 * @param {Lesson} lesson
 */
export function lean({ title, steps }) {
  const full = (each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== "" && value !== null));
  return JSON.stringify({ title, steps: steps.map(full) });
}

/**
 * A lesson from the text of a file; null where it is none.
 * @param {string} json
 */
export function read(json) {
  try {
    return json.length > MOST.json ? null : sane(JSON.parse(json));
  } catch {
    return null;
  }
}

/**
 * Bytes through a stream that (de)compresses; null for more than `most`.
 * @param {BufferSource} bytes
 * @param {CompressionStream | DecompressionStream} through
 * @param {number} most
 */
async function streamed(bytes, through, most) {
  const parts = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(/** @type {any} */ (through)).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    size += value.length;
    if (size > most) return reader.cancel().then(() => null);
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * A lesson as it stands behind "#lesson=": deflated, in base64url.
 * @param {Lesson} lesson
 * @returns {Promise<string>}
 */
export async function pack(lesson) {
  const bytes = await streamed(new TextEncoder().encode(lean(lesson)), new CompressionStream("deflate-raw"), MOST.json);
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * The other way; null for what is none.
 * @param {string} packed
 * @returns {Promise<Lesson | null>}
 */
export async function unpack(packed) {
  if (packed.length > MOST.packed) return null;
  try {
    const bytes = Uint8Array.from(atob(packed.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
    const found = await streamed(bytes, new DecompressionStream("deflate-raw"), MOST.json);
    return found && read(new TextDecoder().decode(found));
  } catch {
    return null;
  }
}
