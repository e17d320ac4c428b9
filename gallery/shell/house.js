// What the server says of the house, as it stands in the page's head: its rooms, their knobs, scripts, styles and words.

/** @type {House} */
export const house = window.vernissage.house;
