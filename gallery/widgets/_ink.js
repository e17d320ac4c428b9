// From a drawing to the 784 numbers of a data set: the box and the centre of mass of MNIST.

const SIDE = 28;

/** Summed-area table of the alpha channel: any rectangle's ink in four look-ups. */
function integral(alpha, size) {
  const sums = new Float64Array((size + 1) * (size + 1));
  for (let y = 0; y < size; y++) {
    let row = 0;
    for (let x = 0; x < size; x++) {
      row += alpha[y * size + x];
      sums[(y + 1) * (size + 1) + x + 1] = sums[y * (size + 1) + x + 1] + row;
    }
  }
  return sums;
}

/** The integral up to a fractional (x, y): bilinear between the table's corners, which is exact. */
function upTo(sums, size, x, y) {
  const cx = Math.min(size, Math.max(0, x));
  const cy = Math.min(size, Math.max(0, y));
  const ix = Math.min(size - 1, Math.floor(cx));
  const iy = Math.min(size - 1, Math.floor(cy));
  const [fx, fy, row] = [cx - ix, cy - iy, size + 1];
  const at = (i, j) => sums[(iy + j) * row + ix + i];
  return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(1, 0)) + fy * ((1 - fx) * at(0, 1) + fx * at(1, 1));
}

/** Bounding box and centre of mass of the ink; null for an empty pad. */
function measure(alpha, size) {
  let [left, right, top, bottom, mass, mx, my] = [size, -1, size, -1, 0, 0, 0];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const ink = alpha[y * size + x];
      if (ink < 16) continue;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      mass += ink;
      mx += ink * (x + 0.5);
      my += ink * (y + 0.5);
    }
  }
  return mass ? { longest: Math.max(right - left, bottom - top) + 1, x: mx / mass, y: my / mass } : null;
}

/**
 * alpha: size x size, 0..255, ink is 255 -> 784 integers of the same sense. With `box`, the longer side of the
 * ink becomes `box` pixels and its centre of mass lies on pixel (14, 14), as in MNIST; without, only averaged.
 */
export function toPixels(alpha, size, box) {
  const found = measure(alpha, size);
  const pixels = new Array(SIDE * SIDE).fill(0);
  if (!found) return pixels;
  const cell = box ? Math.max(found.longest, size / 5) / box : size / SIDE;
  const half = SIDE / 2 + 0.5;
  const [left, top] = box ? [found.x - half * cell, found.y - half * cell] : [0, 0];
  const sums = integral(alpha, size);
  for (let j = 0; j < SIDE; j++) {
    for (let i = 0; i < SIDE; i++) {
      const [x, y] = [left + i * cell, top + j * cell];
      const corner = (u, v) => upTo(sums, size, u, v);
      const ink = corner(x + cell, y + cell) - corner(x, y + cell) - corner(x + cell, y) + corner(x, y);
      pixels[j * SIDE + i] = Math.min(255, Math.max(0, Math.round(ink / (cell * cell))));
    }
  }
  return pixels;
}

/** A path through points in [0, 1], rounded between them. */
function trace(context, size, points) {
  const [first, ...rest] = points.map(([x, y]) => [x * size, y * size]);
  context.beginPath();
  context.moveTo(...first);
  rest.slice(0, -1).forEach(([x, y], i) => context.quadraticCurveTo(x, y, (x + rest[i + 1][0]) / 2, (y + rest[i + 1][1]) / 2));
  context.lineTo(...rest.at(-1));
}

/**
 * Draws shapes of points in [0, 1]: {line: points} as a stroke of the pen, {fill: points, ink} as a patch of cloth,
 * {seam: points, ink} as a thin line that takes ink away. Corners of a patch are sharp, lines are round.
 */
export function drawShapes(context, size, shapes, pen) {
  context.save();
  for (const { line, fill, seam, ink = 1, width } of shapes) {
    context.globalCompositeOperation = seam ? "destination-out" : "source-over";
    context.globalAlpha = ink;
    Object.assign(context, { lineWidth: (width ?? (seam ? 0.02 : pen)) * size, lineCap: "round", lineJoin: "round" });
    if (!line) context.shadowBlur = 0; // the pen's soft edge; cloth keeps its own shade
    if (fill) {
      context.beginPath();
      fill.forEach(([x, y]) => context.lineTo(x * size, y * size));
      context.fill();
    } else {
      trace(context, size, line ?? seam);
      context.stroke();
    }
  }
  context.restore();
}
