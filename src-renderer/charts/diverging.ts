type Colour = readonly [red: number, green: number, blue: number];

// ColorBrewer's RdBu, told apart in the common colour-vision deficiencies; 0 is the colour of the page.
const ends: Record<'light' | 'dark', readonly Colour[]> = {
  light: [
    [0x21, 0x66, 0xac],
    [0x92, 0xc5, 0xde],
    [0xff, 0xff, 0xff],
    [0xf4, 0xa5, 0x82],
    [0xb2, 0x18, 0x2b],
  ],
  dark: [
    [0x92, 0xc5, 0xde],
    [0x2f, 0x6f, 0xae],
    [0x2e, 0x2e, 0x2e],
    [0xb4, 0x3c, 0x3c],
    [0xf4, 0xa5, 0x82],
  ],
};

/** Fill and text colour of a value on the diverging scale from -limit to limit; what lies beyond takes the end's. */
export function diverging(value: number, limit: number, theme: 'light' | 'dark'): { fill: string; ink: string } {
  const stops = ends[theme];
  const place = (Math.min(Math.max(value / (limit || 1), -1), 1) + 1) * 2;
  const below = Math.min(Math.floor(place), stops.length - 2);
  const channel = (at: number) =>
    Math.round(stops[below][at] + (stops[below + 1][at] - stops[below][at]) * (place - below));
  const fill: Colour = [channel(0), channel(1), channel(2)];
  const light = luminance(fill);
  // Whichever of black and white has the higher contrast (WCAG).
  const ink = (light + 0.05) ** 2 > 0.05 * 1.05 ? '#000000' : '#ffffff';
  return { fill: `rgb(${fill.join(' ')})`, ink };
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
