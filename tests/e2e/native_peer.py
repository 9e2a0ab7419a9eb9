"""A WebRTC peer that is no browser: what a native client would be, over aiortc."""

import asyncio
from collections import Counter

from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from tests.client import Json, Socket, open_socket
from tests.server import Server


class NativePeer:
    """Somebody's device in a call; sends a green picture and silence."""

    def __init__(self, at: Socket, call: str) -> None:
        self.at, self.call = at, call
        #: Decoded frames by kind of media.
        self.frames: Counter[str] = Counter()
        self._came = asyncio.Condition()
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.peer.addTrack(AudioStreamTrack())
        self.peer.addTrack(VideoStreamTrack())
        self.peer.on("track", self._track)
        self._listening: list[asyncio.Task[None]] = []

    @classmethod
    async def at_home(cls, server: Server, access: str, call: str) -> "NativePeer":
        """A device that is online."""
        return cls(await open_socket(server, access), call)

    def _track(self, track: MediaStreamTrack) -> None:
        self._listening.append(asyncio.create_task(self._listen(track)))

    async def _listen(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                await track.recv()
                async with self._came:
                    self.frames[track.kind] += 1
                    self._came.notify_all()
        except MediaStreamError:
            pass  # the other side has gone

    def _description(self) -> dict[str, str]:
        """Ours with all candidates: aiortc gathers them before it describes itself."""
        ours = self.peer.localDescription
        return {"type": ours.type, "sdp": ours.sdp}

    async def offer(self) -> None:
        """Calls, once the other side rings."""
        await self.at.expect("call:ringing", call=self.call)
        await self.peer.setLocalDescription(await self.peer.createOffer())
        await self.at.ask("call:offer", call=self.call, sdp=self._description())
        await self._take((await self.at.expect("call:answer", call=self.call))["sdp"])

    async def answer(self) -> None:
        """Rings, and answers what is offered."""
        await self.at.ask("call:ringing", call=self.call)
        offer = await self.at.expect("call:offer", 30, call=self.call)
        await self._take(offer["sdp"])
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        to = offer["from"]["device"]
        await self.at.ask("call:answer", call=self.call, to=to, sdp=self._description())

    async def _take(self, sdp: Json) -> None:
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp["sdp"], sdp["type"]))

    async def follow(self) -> None:
        """Takes the other's candidates as they come, for as long as it runs."""
        while True:
            given = (await self.at.expect("call:ice", 60, call=self.call))["candidate"]
            if given["candidate"]:
                candidate = candidate_from_sdp(given["candidate"].removeprefix("candidate:"))
                candidate.sdpMid, candidate.sdpMLineIndex = given["sdpMid"], given["sdpMLineIndex"]
                await self.peer.addIceCandidate(candidate)

    async def talk(self, *, offers: bool) -> Counter[str]:
        """Until something was seen and heard; goes on sending until it is closed."""
        await (self.offer() if offers else self.answer())
        following = asyncio.create_task(self.follow())
        async with asyncio.timeout(30), self._came:
            await self._came.wait_for(
                lambda: self.frames["video"] > 3 and self.frames["audio"] > 20
            )
        following.cancel()
        return self.frames

    async def close(self) -> None:
        """Hangs up without a word."""
        await self.peer.close()
        await asyncio.gather(*self._listening)
        await self.at.close()
