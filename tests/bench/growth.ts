/** How time grows with the number of resources, as a plot. */

export interface Point {
  readonly count: number;
  /** Seconds of a whole life on the engine: up, preview, refresh, destroy; its state is written at each one's end. */
  readonly ours: number;
  /** The same, of the program that does nothing and has no traces of the SDK's promises either, as ours. */
  readonly nothing: number;
  /** Seconds of a processor that our code used in it, beyond the program that does nothing. */
  readonly own: number;
  /** Of these, what the provider process used; the rest is the program's, where Pulumi's own garbage is most. */
  readonly ownInProvider: number;
}

/**
 * How much steeper our own part grows in the upper half than below it: 1 is a straight line, and what grows
 * with the square of the number comes to nearly 3. What is paid once makes no difference.
 */
export function bend(points: readonly Point[]): number {
  const half = (points.at(-1)?.count ?? 0) / 2;
  const upper = points.filter(({ count }) => count >= half);
  return slope(upper) / slope(points.filter(({ count }) => count <= half));
}

/** Seconds for each further resource: the straight line with the least squares. */
export function slope(points: readonly Point[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanCount = mean(points.map(({ count }) => count));
  const meanOwn = mean(points.map(({ own }) => own));
  const across = points.reduce((sum, { count, own }) => sum + (count - meanCount) * (own - meanOwn), 0);
  return across / points.reduce((sum, { count }) => sum + (count - meanCount) ** 2, 0);
}

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly of: (point: Point) => number;
}

const panelWidth = 340;
const panelHeight = 240;
const margin = { left: 50, right: 20, top: 50, bottom: 45 };

/** Two plots side by side: the whole on the engine, and our own part of it. */
export function plot(points: readonly Point[]): string {
  const whole = panel("A whole life on the engine, seconds", points, [
    { name: "pulumi-sftptogo", colour: "#0b62a4", of: ({ ours }) => ours },
    { name: "handlers that do nothing, without traces", colour: "#999999", of: ({ nothing }) => nothing },
  ]);
  const own = panel("Our own part, seconds of a processor", points, [
    { name: "the difference of the two", colour: "#0b62a4", of: ({ own }) => own },
  ]);
  const width = 2 * (panelWidth + margin.left + margin.right);
  const height = panelHeight + margin.top + margin.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<title>Time against the number of credentials: a whole life on the engine, and our own part of it</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<g transform="translate(${margin.left} ${margin.top})">
${whole}
</g>
<g transform="translate(${width / 2 + margin.left} ${margin.top})">
${own}
</g>
</svg>
`;
}

function panel(title: string, points: readonly Point[], series: readonly Series[]): string {
  const right = Math.max(...points.map(({ count }) => count));
  const top = roundUp(Math.max(...points.flatMap((point) => series.map(({ of }) => of(point))), 0.001));
  const x = (count: number) => ((count / right) * panelWidth).toFixed(1);
  const y = (value: number) => (panelHeight - (value / top) * panelHeight).toFixed(1);
  const levels = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top);
  const lines = [
    `<text x="0" y="-30" font-weight="bold">${title}</text>`,
    ...levels.flatMap((level) => [
      `<line x1="0" x2="${panelWidth}" y1="${y(level)}" y2="${y(level)}" stroke="#dddddd"/>`,
      `<text x="-6" y="${y(level)}" dy="4" text-anchor="end">${Number(level.toPrecision(3))}</text>`,
    ]),
    ...points.map(
      ({ count }) => `<text x="${x(count)}" y="${panelHeight + 18}" text-anchor="middle">${count}</text>`,
    ),
    `<text x="${panelWidth / 2}" y="${panelHeight + 36}" text-anchor="middle">credentials</text>`,
    ...series.flatMap(({ name, colour, of }, index) => [
      `<text x="${index * 130}" y="-12" fill="${colour}">${name}</text>`,
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points
        .map((point) => `${x(point.count)},${y(of(point))}`)
        .join(" ")}"/>`,
      ...points.map(
        (point) => `<circle cx="${x(point.count)}" cy="${y(of(point))}" r="3" fill="${colour}"/>`,
      ),
    ]),
  ];
  return lines.join("\n");
}

/** The next number that is 1, 2, 4 or 10 times a power of ten: quarters of it are short to write. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
