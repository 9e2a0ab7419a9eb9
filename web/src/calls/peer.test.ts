import { expect, it } from "vitest";

import { Peer, type PeerSignal } from "@/calls/peer";

/** As much of a connection as negotiating takes. */
class FakeConnection {
  signalingState = "stable";
  connectionState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;
  onnegotiationneeded: (() => void) | null = null;
  readonly taken: RTCSessionDescriptionInit[] = [];

  get remoteDescription(): RTCSessionDescriptionInit | null {
    return this.taken.at(-1) ?? null;
  }

  createDataChannel(): unknown {
    return {};
  }

  setLocalDescription(): Promise<void> {
    const isAnswer = this.signalingState === "have-remote-offer";
    this.localDescription = { type: isAnswer ? "answer" : "offer", sdp: "v=0\r\n" };
    this.signalingState = isAnswer ? "stable" : "have-local-offer";
    return Promise.resolve();
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.taken.push(description);
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    return Promise.resolve();
  }

  getTransceivers(): never[] {
    return [];
  }

  close(): void {}
}

function peerOf(offers: boolean): { peer: Peer; connection: FakeConnection; said: PeerSignal[] } {
  const connection = new FakeConnection();
  const said: PeerSignal[] = [];
  const peer = new Peer({
    connection: connection as unknown as RTCPeerConnection,
    isPolite: true,
    offers,
    device: "d",
    send: (signal) => said.push(signal),
    changed: () => undefined,
  });
  return { peer, connection, said };
}

const sdpOf = (signal: PeerSignal | undefined): RTCSessionDescriptionInit => (signal && "sdp" in signal ? signal.sdp : { type: "offer" });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

it("takes the second answer to an offer that was said twice for none to the next", async () => {
  const near = peerOf(true);
  const far = peerOf(false);
  near.connection.onnegotiationneeded?.();
  await settled();
  near.peer.offerAgain(null);
  for (const signal of near.said.splice(0)) await far.peer.describe(sdpOf(signal), "d");
  const [first, second] = far.said.splice(0);
  await near.peer.describe(sdpOf(first), "d");
  near.connection.onnegotiationneeded?.();
  await settled();
  await near.peer.describe(sdpOf(second), "d");
  expect(near.connection.taken).toHaveLength(1);
  await far.peer.describe(sdpOf(near.said.at(-1)), "d");
  await near.peer.describe(sdpOf(far.said.at(-1)), "d");
  expect(near.connection.taken).toHaveLength(2);
  near.peer.close();
  far.peer.close();
});

it("takes the answer of a client that knows nothing of names", async () => {
  const { peer, connection } = peerOf(true);
  connection.onnegotiationneeded?.();
  await settled();
  await peer.describe({ type: "answer", sdp: "v=0\r\n" }, "d");
  expect(connection.signalingState).toBe("stable");
  peer.close();
});
