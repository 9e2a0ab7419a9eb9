import { ApiError } from "@/api/http";
import { getMedium } from "@/media/upload";

const ASK_MS = 500;
const ASKS = 60;

/** Waits until the server has looked into a picture of mine. Rejects with ApiError where it cannot show it. */
export async function untilDecoded(path: string | null): Promise<void> {
  const id = /\/media\/([^/]+)\//.exec(path ?? "")?.[1];
  if (!id) return;
  for (let asked = 0; asked < ASKS; asked++) {
    const medium = await getMedium(id);
    if (medium.state === "ready") return;
    if (medium.state === "rejected") throw new ApiError(400, "media_rejected", "The picture could not be decoded.");
    await new Promise((resolve) => window.setTimeout(resolve, ASK_MS));
  }
}
