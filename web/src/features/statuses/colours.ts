/** Grounds to write on, as other clients get them too. White is readable on each. */
export const GROUNDS = ["#9a3412", "#a8324d", "#863b82", "#3259a8", "#1f6f66", "#44701c", "#7a5205", "#33271d"] as const;

const HEX = /^#[0-9a-f]{6}$/i;
/** Above this luminance dark letters are easier to read than white ones. */
const LIGHT = 0.36;

/** The ground of a status, and the colour of what is written on it; whatever another client may have said. */
export function paint(background: string | null): { backgroundColor: string; color: string } {
  const ground = background && HEX.test(background) ? background : GROUNDS[0];
  return { backgroundColor: ground, color: luminance(ground) > LIGHT ? "#1a120b" : "#ffffff" };
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
