import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

// The decoder comes from our own server: by default the library would ask a public CDN for it.
prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasmUrl : prefix + path) } });

const detector = new BarcodeDetector({ formats: ["qr_code"] });

/** The texts of the QR codes in view. */
export async function readCodes(video: HTMLVideoElement): Promise<string[]> {
  const codes = await detector.detect(video);
  return codes.map((code) => code.rawValue);
}
