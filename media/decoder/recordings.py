"""Video and sound: what every browser plays. H.264 and AAC in MP4 are only packed anew, everything
else is decoded and encoded; the sound of voice notes is measured for their waveform.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, cast

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from media.decoder.images import thumbnail
from media.decoder.task import Refused, Task, say_progress

#: Which reader of FFmpeg's opens what; it never chooses by itself, for it knows playlists too.
_READERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/amr": "amr",
}
_SIDE_COPIED = 1920
_SIDE_ENCODED = 1280
_PIXELS_MAX = 8192 * 4320
_FRAME_SECONDS_MIN = 1 / 61
_BARS = 64
#: The waveform is measured at this rate, in windows of 20 ms.
_MEASURE_RATE = 8000
_WINDOW = 160
_SILENCE = 64
#: The clock of what is encoded; also of recordings whose pictures come at no fixed rate.
_FORMAT = av.VideoFormat("yuv420p")
_TICK = Fraction(1, 90_000)


class _Inside(NamedTuple):
    video: VideoStream | None
    audio: AudioStream | None
    seconds: float


def make(task: Task) -> dict[str, Any]:
    """Writes ``file`` and, of a video, ``thumbnail``; answers what to note. Raises Refused."""
    av.logging.set_level(av.logging.PANIC)
    try:
        with _opened(task) as container:
            inside = _inside(container, task)
            if inside.video is None or task.purpose == "voice":
                return _sound(container, inside, task)
            noted, rotation = _poster(container, inside.video, task)
        with _opened(task) as container:
            inside = _inside(container, task)
            seconds = _written(container, inside, rotation, task)
        return {**noted, "kind": "video", "mime": "video/mp4", "duration": seconds}
    except (av.FFmpegError, EOFError, ValueError) as error:
        raise Refused("broken") from error


def _opened(task: Task) -> InputContainer:
    # By a file object: nothing inside can make it open another file, or an address.
    return av.open(
        open(task.source, "rb"), "r", format=_READERS[task.mime], metadata_errors="ignore"
    )


def _inside(container: InputContainer, task: Task) -> _Inside:
    videos = [
        stream
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    sounds = container.streams.audio
    seconds = (container.duration or 0) / av.time_base
    if seconds > task.video_seconds:
        raise Refused("too_long")
    if not videos and not sounds:
        raise Refused("broken")
    for video in videos[:1]:
        width, height = video.codec_context.width, video.codec_context.height
        if not width or not height:
            raise Refused("broken")
        if width * height > _PIXELS_MAX:
            raise Refused("too_large")
        video.thread_type = "SLICE"
    return _Inside(videos[0] if videos else None, sounds[0] if sounds else None, seconds)


def _poster(
    container: InputContainer, video: VideoStream, task: Task
) -> tuple[dict[str, Any], int]:
    frame = next(container.decode(video), None)
    if frame is None:
        raise Refused("broken")
    picture = _upright(frame)
    hash_ = thumbnail(picture, task)
    width, height = _fitting(picture.width, picture.height, _side(video))
    return {"width": width, "height": height, "blurhash": hash_}, frame.rotation


def _upright(frame: VideoFrame) -> Image.Image:
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # untyped there
    picture.info.clear()
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _can_copy(video: VideoStream) -> bool:
    codec = video.codec_context
    return (
        codec.name == "h264"
        and codec.pix_fmt in {"yuv420p", "yuvj420p"}
        and max(codec.width, codec.height) <= _SIDE_COPIED
    )


def _side(video: VideoStream) -> int:
    return _SIDE_COPIED if _can_copy(video) else _SIDE_ENCODED


def _fitting(width: int, height: int, side: int) -> tuple[int, int]:
    """The size in a square of ``side``, even, as H.264 wants it."""
    scale = min(1.0, side / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


class _Copy:
    """Packs a stream anew without decoding it."""

    def __init__(self, source: VideoStream | AudioStream, out: OutputContainer) -> None:
        self._stream = out.add_stream_from_template(source)

    def take(self, packet: "av.Packet[Any]") -> Iterator["av.Packet[Any]"]:
        """The packets of a packet."""
        if packet.dts is not None:
            packet.stream = self._stream
            yield packet

    def end(self) -> Iterator["av.Packet[Any]"]:
        """What is left."""
        return iter(())


class _Film:
    """Encodes pictures, upright and of one size."""

    def __init__(self, source: VideoStream, rotation: int, out: OutputContainer) -> None:
        codec = source.codec_context
        self._size = _fitting(codec.width, codec.height, _SIDE_ENCODED)
        self._turn = _turning(rotation, *self._size)
        width, height = self._size if rotation % 180 == 0 else self._size[::-1]
        self._stream = out.add_stream("libx264", rate=30)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": "25"}
        self._stream.codec_context.time_base = _TICK
        self._stream.codec_context.thread_count = 2
        self._shown = -1.0

    def take(self, packet: "av.Packet[Any]") -> Iterator["av.Packet[Any]"]:
        """The packets made from a packet."""
        for frame in packet.decode():
            if frame.pts is None or frame.time - self._shown < _FRAME_SECONDS_MIN:
                continue
            at = frame.time
            self._shown = at
            picture = frame.reformat(*self._size, "yuv420p")
            if self._turn is not None:
                self._turn.push(picture)
                picture = cast(VideoFrame, self._turn.pull())
            picture.pts, picture.time_base = round(at / _TICK), _TICK
            picture.pict_type = av.video.frame.PictureType.NONE
            yield from self._stream.encode(picture)

    def end(self) -> Iterator["av.Packet[Any]"]:
        """What is left."""
        yield from self._stream.encode(None)


class _Sound:
    """Encodes sound."""

    def __init__(self, source: AudioStream, out: OutputContainer, is_voice: bool = False) -> None:
        layout = "mono" if is_voice or source.codec_context.channels == 1 else "stereo"
        self._stream = out.add_stream("aac", rate=48000, layout=layout)
        self._stream.bit_rate = 48_000 if is_voice else 128_000
        self._resampler = AudioResampler("fltp", layout, 48000)
        self.samples = 0

    def take(self, packet: "av.Packet[Any]") -> Iterator["av.Packet[Any]"]:
        """The packets made from a packet."""
        for frame in packet.decode():
            yield from self.encode(cast(av.AudioFrame, frame))

    def encode(self, frame: "av.AudioFrame | None") -> Iterator["av.Packet[Any]"]:
        """The packets made from a frame; None: the last ones."""
        for part in self._resampler.resample(frame):
            part.pts, part.time_base = self.samples, Fraction(1, 48000)
            self.samples += part.samples
            yield from self._stream.encode(part)

    def end(self) -> Iterator["av.Packet[Any]"]:
        """What is left."""
        yield from self.encode(None)
        yield from self._stream.encode(None)


def _written(container: InputContainer, inside: _Inside, rotation: int, task: Task) -> float:
    """Writes the video; answers its seconds."""
    assert inside.video is not None
    seconds = 0.0
    with _target(task) as out:
        tracks: dict[int, _Copy | _Film | _Sound] = {}
        if _can_copy(inside.video):
            tracks[inside.video.index] = _Copy(inside.video, out)
        else:
            tracks[inside.video.index] = _Film(inside.video, rotation, out)
        if inside.audio is not None:
            is_aac = inside.audio.codec_context.name == "aac"
            tracks[inside.audio.index] = (_Copy if is_aac else _Sound)(inside.audio, out)
        streams = [stream for stream in (inside.video, inside.audio) if stream is not None]
        for packet in container.demux(streams):
            if packet.pts is not None and packet.time_base is not None:
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                seconds = max(seconds, end)
                if seconds > task.video_seconds:
                    raise Refused("too_long")
                if inside.seconds:
                    say_progress(min(1.0, seconds / inside.seconds))
            for made in tracks[packet.stream.index].take(packet):
                out.mux(made)
        for track in tracks.values():
            for made in track.end():
                out.mux(made)
    return round(seconds, 3)


def _sound(container: InputContainer, inside: _Inside, task: Task) -> dict[str, Any]:
    if inside.audio is None:
        raise Refused("no_sound")
    is_voice = task.purpose == "voice"
    measure = AudioResampler("s16", "mono", _MEASURE_RATE)
    peaks: list[int] = []
    with _target(task) as out:
        sound = _Sound(inside.audio, out, is_voice)
        for frame in container.decode(inside.audio):
            for part in measure.resample(frame):
                peaks += _peaks(part)
            for made in sound.encode(frame):
                out.mux(made)
            seconds = sound.samples / 48000
            if seconds > task.video_seconds:
                raise Refused("too_long")
            if inside.seconds:
                say_progress(min(1.0, seconds / inside.seconds))
        for made in sound.end():
            out.mux(made)
    if not sound.samples:
        raise Refused("no_sound")
    return {
        "kind": "voice" if is_voice else "audio",
        "mime": "audio/mp4",
        "duration": round(sound.samples / 48000, 3),
        "waveform": _bars(peaks),
    }


def _target(task: Task) -> OutputContainer:
    # The index comes first, so that it plays before all of it is there.
    return av.open(str(task.target("file")), "w", format="mp4", options={"movflags": "+faststart"})


def _turning(rotation: int, width: int, height: int) -> "av.filter.Graph | None":
    """What turns pictures counterclockwise by so many degrees; None if nothing."""
    turns = {-90: ["transpose=clock"], 90: ["transpose=cclock"]}.get(rotation, [])
    if abs(rotation) == 180:
        turns = ["hflip", "vflip"]
    if not turns:
        return None
    graph = av.filter.Graph()
    nodes = [
        graph.add_buffer(width=width, height=height, format=_FORMAT, time_base=_TICK),
        *(graph.add(*turn.split("=")) for turn in turns),
        graph.add("buffersink"),
    ]
    for node, following in pairwise(nodes):
        node.link_to(following)
    graph.configure()
    return graph


def _peaks(frame: "av.AudioFrame") -> list[int]:
    samples = memoryview(bytes(frame.planes[0])[: 2 * frame.samples]).cast("h")
    return [
        max(max(window), -min(window))
        for window in (samples[at : at + _WINDOW] for at in range(0, len(samples), _WINDOW))
    ]


def _bars(peaks: list[int]) -> list[int]:
    """The loudest of each of _BARS stretches, 0 to 100 of the loudest of all."""
    loudest = max(peaks, default=0)
    if loudest < _SILENCE or not peaks:
        return [0] * _BARS
    bars = []
    for bar in range(_BARS):
        begin = bar * len(peaks) // _BARS
        end = max(begin + 1, (bar + 1) * len(peaks) // _BARS)
        bars.append(round(100 * max(peaks[begin:end]) / loudest))
    return bars
