// Over the plane: the way of one point through all layers, and which coordinate the layer moves.
import { Ground } from "gallery/widgets/_ground.js";

export class Way extends Ground {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super(canvas, ["paper", "ink", "accent"]);
  }

  at([x, y], span) {
    return [((x / span + 1) / 2) * this.side, ((1 - y / span) / 2) * this.side];
  }

  /**
   * point: {path}; k: the layer that is shown; keep: the coordinate that it keeps, -1 for none.
   * @param {any} point
   * @param {number} k
   * @param {number} span
   * @param {number} keep
   */
  draw(point, k, span, keep) {
    if (!this.fit()) return;
    this.context.clearRect(0, 0, this.side, this.side);
    if (keep >= 0) this.moves(1 - keep);
    if (!point) return;
    const places = point.path.map((at) => this.at(at, span));
    this.line(places);
    places.forEach((at, i) => i !== k && this.dot(at, i ? 2 : 3));
    this.ring(places[Math.min(k, places.length - 1)]);
    this.name("x", places[0]);
    this.name("z", places.at(-1));
  }

  line(places) {
    const { context, scale } = this;
    context.beginPath();
    places.forEach(([x, y]) => context.lineTo(x, y));
    Object.assign(context, { strokeStyle: this.css("paper", 0.75), lineWidth: 4 * scale, lineJoin: "round", lineCap: "round" });
    context.stroke();
    Object.assign(context, { strokeStyle: this.css("ink", 0.9), lineWidth: 1.5 * scale });
    context.stroke();
  }

  dot([x, y], size) {
    const { context, scale } = this;
    context.fillStyle = this.css("ink");
    context.beginPath();
    context.arc(x, y, size * scale, 0, 2 * Math.PI);
    context.fill();
  }

  ring([x, y]) {
    const { context, scale } = this;
    context.beginPath();
    context.arc(x, y, 6 * scale, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: this.css("accent"), strokeStyle: this.css("paper"), lineWidth: 2 * scale });
    context.fill();
    context.stroke();
  }

  name(text, [x, y]) {
    const { context, scale } = this;
    const [dx, dy] = [(x > this.side - 30 * scale ? -14 : 12) * scale, (y < 30 * scale ? 14 : -12) * scale];
    Object.assign(context, { font: `700 ${15 * scale}px "IBM Plex Sans", sans-serif`, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4 * scale, strokeStyle: this.css("paper"), fillStyle: this.css("ink") });
    context.strokeText(text, x + dx, y + dy);
    context.fillText(text, x + dx, y + dy);
  }

  /** A double arrow along the edge of the coordinate that moves. */
  moves(axis) {
    const { context, side, scale } = this;
    const [long, edge] = [0.16 * side, 12 * scale];
    const [x, y] = axis ? [edge, side / 2] : [side / 2, side - edge];
    const [dx, dy] = axis ? [0, long] : [long, 0];
    Object.assign(context, { strokeStyle: this.css("accent"), lineWidth: 2.4 * scale, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    this.arrow(x, y, dx, dy, 0.14);
    this.arrow(x, y, -dx, -dy, 0.14);
    context.stroke();
  }
}
