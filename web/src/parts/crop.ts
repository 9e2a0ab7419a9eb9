/** A square cut out of a picture: how far it is zoomed, and moved from the middle in sides of the square. */
export interface Frame {
  zoom: number;
  x: number;
  y: number;
}

const SIDE_PX = 640;

/** The size of a picture in sides of the square: its shorter side fills it at zoom 1. */
export function reach(image: { naturalWidth: number; naturalHeight: number }, zoom: number): { width: number; height: number } {
  const short = Math.min(image.naturalWidth, image.naturalHeight);
  return { width: (image.naturalWidth / short) * zoom, height: (image.naturalHeight / short) * zoom };
}

/** The square as a picture of its own. */
export function cutOut(image: HTMLImageElement, { zoom, x, y }: Frame): Promise<Blob> {
  const { width, height } = reach(image, zoom);
  const canvas = document.createElement("canvas");
  canvas.width = SIDE_PX;
  canvas.height = SIDE_PX;
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error("There is nothing to draw on."));
  // What can be seen through goes onto white: a JPEG has no holes.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SIDE_PX, SIDE_PX);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, (0.5 + x - width / 2) * SIDE_PX, (0.5 + y - height / 2) * SIDE_PX, width * SIDE_PX, height * SIDE_PX);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/jpeg", 0.9);
  });
}
