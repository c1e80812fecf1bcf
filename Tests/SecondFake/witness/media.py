"""Small real films and pieces of music, made by ffmpeg once for each shape; every copy has bytes of its own."""

import pathlib
import struct
import subprocess
import threading

SIZES = {"480p": 480, "512p": 512, "540p": 540, "720p": 720, "768p": 768, "1080p": 1080}
lock = threading.Lock()


def size(given):
    """The width and height that an input asks for."""
    height = SIZES.get(given.get("resolution"), 1080 if given.get("mode") in ("pro", "4k") else 720)
    across, down = map(int, given.get("aspect_ratio", "16:9").split(":"))
    if across < down:
        return height, height * down // across // 2 * 2
    return height * across // down // 2 * 2, height


def made_once(folder, name, arguments):
    path = pathlib.Path(folder) / name
    with lock:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name("part-" + name)
            subprocess.run(
                ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *arguments, str(part)],
                check=True, stdin=subprocess.DEVNULL)
            part.rename(path)
    return path.read_bytes()


def film(folder, mark, width, height, fps, seconds, sound):
    """An MP4; the mark stands in a box at its end that players pass over."""
    picture = f"testsrc2=s=160x90:r={fps}:d={seconds},scale={width}:{height}:flags=neighbor,format=yuv420p"
    arguments = ["-f", "lavfi", "-i", picture]
    if sound:
        arguments += ["-f", "lavfi", "-i", f"sine=f=220:d={seconds}", "-c:a", "aac", "-b:a", "64k", "-shortest"]
    arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "35", "-movflags", "+faststart"]
    name = f"{width}x{height}-{fps}-{seconds}{'-sound' if sound else ''}.mp4"
    box = mark.encode()
    return made_once(folder, name, arguments) + struct.pack(">I4s", 8 + len(box), b"free") + box


def music(folder, mark, seconds, kind):
    """A WAV or MP3; the mark stands in a chunk or tag that players pass over."""
    tone = f"aevalsrc=0.3*sin(220*2*PI*t)*(1+0.3*sin(2*PI*t))+0.2*sin(330*2*PI*t):s=32000:d={seconds}"
    content = made_once(folder, f"{seconds}.{kind}", ["-f", "lavfi", "-i", tone, "-fflags", "+bitexact"])
    note = mark.encode() + b"\0" * (len(mark) % 2)
    if kind == "wav":
        content += struct.pack("<4sI", b"note", len(note)) + note
        return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]
    frame = b"TXXX" + struct.pack(">I", len(note) + 1) + b"\0\0\0" + note
    return b"ID3\x03\0\0" + bytes((len(frame) >> shift) & 127 for shift in (21, 14, 7, 0)) + frame + content
