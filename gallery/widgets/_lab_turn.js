// Who waits for a place to train: which one is his turn, and how long that takes at most.

const WAITS = 500; // ms between two questions of who stands in line

/**
 * What stands in the sentence "widgets.training.turn".
 * @param {number} n the turn
 * @param {Props} wait {places, longest}: who has had his place for so many seconds makes room for who waits
 */
export const turn = (n, { places, longest }) => ({ n, seconds: longest * Math.ceil(n / places) });

/** Until one asks again. */
export const pause = () => new Promise((done) => setTimeout(done, WAITS));
