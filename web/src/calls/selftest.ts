/** Finds out whether calls will work from here: devices, and the ways by which a connection may go. */

import { getIceServers } from "@/api/calls";
import { capture, DeviceError, type DeviceKind, type Trouble } from "@/calls/media";

export type Step = "microphone" | "camera" | "loopback" | "stun" | "turn";
export const steps: readonly Step[] = ["microphone", "camera", "loopback", "stun", "turn"];

export type Found = "ok" | Trouble | "blocked" | "no_servers" | "not_set_up" | "unreachable" | "relay_unreachable" | "refused";
export type Grade = "ok" | "fair" | "bad";

/** An address at which this device can be reached. */
export interface Way {
  kind: "host" | "srflx" | "relay";
  protocol: string;
  /** A name ending in .local stands for one that the browser hides. */
  address: string;
  port: number;
}

/** What is known so far; a step that is missing is under way. */
export interface Report {
  found: Partial<Record<Step, Found>>;
  ways: readonly Way[];
}

export interface TestPorts {
  newConnection?: (configuration?: RTCConfiguration) => RTCPeerConnection;
  /** Called with each thing that is found. */
  changed: (report: Report) => void;
}

/** What does not answer by then never will. */
const PATIENCE_MS = 8_000;
/** The code of a relay that does not know the credentials. */
const UNAUTHORISED = 401;

/** How much of a problem it is. */
export function gradeOf(step: Step, found: Found): Grade {
  if (found === "ok") return "ok";
  return step === "microphone" || step === "loopback" ? "bad" : "fair";
}

/** Of the complete report: the worst of it. */
export function verdictOf({ found }: Report): Grade {
  const grades = steps.map((step) => gradeOf(step, found[step] ?? "failed"));
  return grades.includes("bad") ? "bad" : grades.includes("fair") ? "fair" : "ok";
}

/** Runs all steps at once; never rejects. */
export async function testConnection({ changed, newConnection = (configuration) => new RTCPeerConnection(configuration) }: TestPorts): Promise<Report> {
  let report: Report = { found: {}, ways: [] };
  const learn = (found: Report["found"], way?: Way): void => {
    const isNew = way && !report.ways.some((one) => one.kind === way.kind && one.protocol === way.protocol && one.address === way.address && one.port === way.port);
    report = { found: { ...report.found, ...found }, ways: isNew ? [...report.ways, way] : report.ways };
    changed(report);
  };
  changed(report);
  await Promise.all([
    testDevices(learn),
    testLoopback(newConnection).then((loopback) => learn({ loopback })),
    gather(newConnection, (way) => learn({}, way)).then(learn),
  ]);
  return report;
}

type Learn = (found: Report["found"]) => void;

/** One after the other, as browsers ask for one permission at a time. */
async function testDevices(learn: Learn): Promise<void> {
  learn({ microphone: await tryDevice("microphone", { audio: true }) });
  learn({ camera: await tryDevice("camera", { video: true }) });
}

async function tryDevice(device: DeviceKind, wish: MediaStreamConstraints): Promise<Found> {
  try {
    const stream = await capture(device, (devices) => devices.getUserMedia(wish));
    for (const track of stream.getTracks()) track.stop();
    return "ok";
  } catch (error) {
    return error instanceof DeviceError ? error.trouble : "failed";
  }
}

/** Two connections of this page talk to each other. */
async function testLoopback(newConnection: NonNullable<TestPorts["newConnection"]>): Promise<Found> {
  const made: RTCPeerConnection[] = [];
  try {
    const near = newConnection();
    const far = newConnection();
    made.push(near, far);
    near.onicecandidate = ({ candidate }) => candidate && void far.addIceCandidate(candidate).catch(() => undefined);
    far.onicecandidate = ({ candidate }) => candidate && void near.addIceCandidate(candidate).catch(() => undefined);
    const channel = near.createDataChannel("test");
    const opened = within(new Promise<void>((done) => (channel.onopen = () => done())));
    await near.setLocalDescription();
    if (near.localDescription) await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription();
    if (far.localDescription) await near.setRemoteDescription(far.localDescription);
    return (await opened) ? "ok" : "blocked";
  } catch {
    return "blocked";
  } finally {
    for (const one of made) one.close();
  }
}

/** Asks the servers for addresses, as a call would. */
async function gather(newConnection: NonNullable<TestPorts["newConnection"]>, foundWay: (way: Way) => void): Promise<Report["found"]> {
  let connection: RTCPeerConnection | null = null;
  try {
    const { ice_servers: iceServers } = await getIceServers();
    const urls = iceServers.flatMap(({ urls }) => urls);
    const kinds = new Set<Way["kind"]>();
    const failed = new Set<string>();
    let isRefused = false;
    connection = newConnection({ iceServers });
    connection.onicecandidateerror = (error) => {
      failed.add(error.url);
      isRefused ||= error.errorCode === UNAUTHORISED;
    };
    const complete = new Promise<void>((done) => {
      if (!connection) return;
      connection.onicecandidate = ({ candidate }) => {
        if (!candidate) {
          done();
          return;
        }
        const way = wayOf(candidate);
        if (!way) return;
        kinds.add(way.kind);
        foundWay(way);
      };
    });
    connection.createDataChannel("test");
    await connection.setLocalDescription();
    const isComplete = await within(complete);
    const asked = (scheme: string): string[] => urls.filter((url) => url.startsWith(scheme));
    // A device with an address of its own in the open is told nothing new, and then no error either.
    const isAnswered = isComplete && asked("stun").some((url) => !failed.has(url));
    return {
      stun: asked("stun").length === 0 ? "not_set_up" : kinds.has("srflx") || isAnswered ? "ok" : "unreachable",
      turn: asked("turn").length === 0 ? "not_set_up" : kinds.has("relay") ? "ok" : isRefused ? "refused" : "relay_unreachable",
    };
  } catch {
    return { stun: "no_servers", turn: "no_servers" };
  } finally {
    connection?.close();
  }
}

function wayOf({ type, protocol, address, port }: RTCIceCandidate): Way | null {
  if (type !== "host" && type !== "srflx" && type !== "relay") return null;
  // Port 9 stands for connections that only this side opens.
  if (!address || port === null || port === 9) return null;
  return { kind: type, protocol: protocol ?? "udp", address, port };
}

/** Whether it came in time. */
function within(event: Promise<void>): Promise<boolean> {
  return Promise.race([event.then(() => true), new Promise<boolean>((done) => setTimeout(() => done(false), PATIENCE_MS))]);
}
