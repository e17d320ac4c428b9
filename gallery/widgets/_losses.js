// Losses over the course of a training: how they are drawn comes when they are shown.

/**
 * What draws them.
 * @returns {Promise<typeof import("gallery/widgets/_losses_plot.js")>}
 */
export const plots = () => import("gallery/widgets/_losses_plot.js");
