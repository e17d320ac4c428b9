// Losses over the course of a training: how they are drawn comes when they are shown.
import { written } from "gallery/shell/words.js";

/**
 * A loss in so many decimals that two figures of it are seen.
 * @param {number} value
 */
export const figure = (value) => written(value, value < 0.01 ? 4 : value < 0.1 ? 3 : 2);

/**
 * What draws them.
 * @returns {Promise<typeof import("gallery/widgets/_losses_plot.js")>}
 */
export const plots = () => import("gallery/widgets/_losses_plot.js");
