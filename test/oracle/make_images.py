#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the pictures of data/images: every kind of JPEG and PNG the front end reads.

    make_images.py OUTPUT-DIRECTORY

JPEGs come from Pillow, and from cjpeg where Pillow lacks the option. PNGs are put together
chunk by chunk, since Pillow writes neither interlaced nor 16-bit colour files.
"""
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(sys.argv[1])
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def scene(width, height, seed=1):
    """An RGB picture of smooth shades, hard edges, fine lines and noise; values 0..1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    waves = 0.5 + 0.5 * np.sin(7 * x + 3 * y)
    picture = np.stack([waves, 0.9 * x + 0.1 * np.cos(20 * y), 1 - y], -1)
    disc = (x - 0.4) ** 2 + (y - 0.35) ** 2 < 0.06
    picture[disc] = picture[disc][:, ::-1] * [1.0, 0.3, 0.2]
    picture[(x > 0.7) & ((x * 60).astype(int) % 2 == 0)] = [0.95, 0.9, 0.1]
    picture[(y > 0.55) & ((y * 40).astype(int) % 3 == 0)] *= 0.2
    return np.clip(picture + rng.normal(0, 0.03, picture.shape), 0, 1)


def bits(picture, depth):
    return np.rint(picture * (2**depth - 1)).astype(np.uint16)


def grey(picture):
    return picture @ [0.3, 0.6, 0.1]


# --- JPEG ---------------------------------------------------------------------------------------

def pil(width, height, seed=1):
    return Image.fromarray(bits(scene(width, height, seed), 8).astype(np.uint8))


def jpeg(image, **options):
    data = io.BytesIO()
    image.save(data, "JPEG", **{"quality": 85, **options})
    return data.getvalue()


def cjpeg(image, *options):
    data = io.BytesIO()
    image.save(data, "PPM")
    return subprocess.run(["cjpeg", *options], input=data.getvalue(), stdout=subprocess.PIPE,
                          check=True).stdout


def tiff(entries, order="<", mark=None):
    """A TIFF directory, the body of an EXIF block: entries are (tag, type, count, value bytes)."""
    body = (mark or (b"II" if order == "<" else b"MM")) + struct.pack(order + "HI", 42, 8)
    body += struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")
    return body + struct.pack(order + "I", 0)


def turned(orientation, order="<", mark=None):
    return tiff([(0x112, 3, 1, struct.pack(order + "H", orientation))], order, mark)


def app1(data, *bodies):
    """The JPEG with APP1 segments put in right after its SOI marker."""
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(b) + 2) + b for b in bodies)
    return data[:2] + segments + data[2:]


def jpegs():
    photo = pil(96, 72)
    odd = pil(97, 71, 2)
    yield "base-420", jpeg(photo, subsampling=2)
    yield "base-422", jpeg(photo, subsampling=1)
    yield "base-444", jpeg(photo, subsampling=0)
    yield "odd-420", jpeg(odd, subsampling=2)
    yield "odd-422", jpeg(odd, subsampling=1)
    yield "odd-444", jpeg(odd, subsampling=0, quality=100)
    yield "odd-440", cjpeg(odd, "-sample", "1x2")
    yield "odd-411", cjpeg(odd, "-sample", "4x1")
    yield "odd-410", cjpeg(odd, "-sample", "4x2")
    yield "arithmetic", cjpeg(odd, "-arithmetic")
    yield "prog-420", jpeg(photo, subsampling=2, progressive=True)
    yield "prog-422-odd", jpeg(odd, subsampling=1, progressive=True)
    yield "prog-444", jpeg(photo, subsampling=0, progressive=True)
    yield "grey", jpeg(photo.convert("L"))
    yield "grey-odd-prog", jpeg(odd.convert("L"), progressive=True)
    yield "low-quality", jpeg(photo, quality=8)
    yield "restarts", jpeg(odd, restart_marker_blocks=3, optimize=True)
    yield "rgb-stored", jpeg(photo, keep_rgb=True)
    yield "one-pixel", jpeg(pil(1, 1))
    yield "one-row", jpeg(pil(53, 1))
    yield "one-column", jpeg(pil(1, 53))
    yield "photo", jpeg(pil(400, 300, 3), quality=90)

    cmyk = photo.convert("CMYK")
    inks = np.array(cmyk).astype(int)
    inks[:, :, 3] = (inks[:, :, 0] + inks[:, :, 1]) // 4
    cmyk = Image.fromarray(inks.astype(np.uint8), "CMYK")
    plain = jpeg(cmyk, subsampling=0)
    adobe = plain.index(b"Adobe")
    yield "cmyk", plain
    yield "cmyk-no-adobe", plain[:adobe - 4] + plain[adobe + 12:]
    yield "ycck", plain[:adobe + 11] + b"\2" + plain[adobe + 12:]
    yield "cmyk-prog-420", jpeg(cmyk, subsampling=2, progressive=True)

    small = jpeg(pil(48, 35, 4))
    exif = b"Exif\0\0"
    for turn in range(1, 9):
        yield f"exif-{turn}", app1(small, exif + turned(turn, "<>"[turn % 2]))
    yield "exif-9", app1(small, exif + turned(9))
    yield "exif-grey-6", app1(jpeg(pil(48, 35).convert("L")), exif + turned(6))
    yield "exif-odd-mark", app1(small, exif + turned(6, ">", b"XX"))
    yield "exif-mixed-mark", app1(small, exif + turned(6, "<", b"IM"))
    yield "exif-after-xmp", app1(small, b"http://ns.adobe.com/xap/1.0/\0<x/>", exif + turned(6))
    yield "exif-twice", app1(small, exif + turned(6), exif + turned(3))
    beyond = struct.pack("<I", 9999)
    turn6 = (0x112, 3, 1, b"\6\0")
    yield "exif-two-tags", app1(small, exif + tiff([(0x112, 3, 1, b"\3\0"), turn6]))
    yield "exif-bad-maker", app1(small, exif + tiff([(0x10f, 2, 20, beyond), turn6]))
    yield "exif-bad-resolution", app1(small, exif + tiff([turn6, (0x11a, 5, 1, beyond)]))
    yield "exif-bad-resolution-first", app1(small, exif + tiff([(0x11a, 5, 1, beyond), turn6]))
    yield "exif-bad-white", app1(small, exif + tiff([(0x13e, 5, 2, beyond), turn6]))
    yield "exif-bad-chromaticities", app1(small, exif + tiff([(0x13f, 5, 6, b"\4\0"), turn6]))
    yield "exif-bad-unknown", app1(small, exif + tiff([(0x8769, 4, 1, beyond), turn6]))
    yield "exif-cut", app1(small, exif + turned(6)[:20])
    yield "exif-cut-end", app1(small, exif + turned(6)[:-4])

    def cut(data):
        return data[:len(data) * 6 // 10]

    big = jpeg(photo, subsampling=0)
    progressive = jpeg(photo, progressive=True)
    end = b"\xff\xd9"
    yield "cut-half", cut(big)
    yield "cut-420", cut(jpeg(photo, subsampling=2))
    yield "cut-grey", cut(jpeg(photo.convert("L")))
    yield "cut-cmyk", cut(plain)
    yield "cut-ended", cut(big) + end
    yield "cut-prog", cut(progressive)
    yield "cut-prog-ended", cut(progressive) + end
    yield "cut-header", big[:300]
    yield "cut-end-marker", big[:-2]
    yield "cut-end-marker-prog", progressive[:-2]
    yield "tail", big + b"tail of a file"


# --- PNG ----------------------------------------------------------------------------------------

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(rows, depth):
    """Sample rows [h, w, c] as PNG bytes, one array of bytes a row."""
    height = rows.shape[0]
    flat = rows.reshape(height, -1)
    if depth == 16:
        return flat.astype(">u2").view(np.uint8).reshape(height, -1)
    if depth == 8:
        return flat.astype(np.uint8)
    ones = (flat[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(ones.reshape(height, -1).astype(np.uint8), axis=1)


def filtered(rows, step):
    """Each row under the next of PNG's five filters."""
    out = b""
    above = np.zeros(rows.shape[1], int)
    for number, row in enumerate(rows.astype(int)):
        left = np.concatenate([np.zeros(step, int), row])[:len(row)]
        corner = np.concatenate([np.zeros(step, int), above])[:len(row)]
        guess = left + above - corner
        far = [abs(guess - left), abs(guess - above), abs(guess - corner)]
        paeth = np.where((far[0] <= far[1]) & (far[0] <= far[2]), left,
                         np.where(far[1] <= far[2], above, corner))
        kind = number % 5
        minus = [0, left, above, (left + above) // 2, paeth][kind]
        out += bytes([kind]) + ((row - minus) % 256).astype(np.uint8).tobytes()
        above = row
    return out


def png(samples, depth, color, before=b"", after=b"", interlace=False, parts=1, height=None):
    rows, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    passes = [(0, 0, 1, 1)]
    if interlace:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                  (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            raw += filtered(packed(part, depth), step)
    data = zlib.compress(raw, 9)
    size = -(-len(data) // parts)
    header = struct.pack(">IIBBBBB", width, height or rows, depth, color, 0, 0, int(interlace))
    return (SIGNATURE + chunk(b"IHDR", header) + before
            + b"".join(chunk(b"IDAT", data[i:i + size]) for i in range(0, len(data), size))
            + after + chunk(b"IEND", b""))


def palette(entries):
    rng = np.random.default_rng(entries)
    return chunk(b"PLTE", rng.integers(0, 256, 3 * entries, np.uint8).tobytes())


def pngs():
    size = (42, 30)
    odd = (37, 27)
    color = scene(*size, 5)
    shade = grey(color)[:, :, None]
    odd_color = scene(*odd, 6)
    odd_shade = grey(odd_color)[:, :, None]
    alpha = scene(*size, 7)[:, :, :1]
    rgba = np.concatenate([color, alpha], -1)
    grey_alpha = np.concatenate([shade, alpha], -1)
    for depth in 1, 2, 4, 8, 16:
        yield f"grey-{depth}", png(bits(shade, depth), depth, 0)
        yield f"grey-{depth}-interlaced", png(bits(odd_shade, depth), depth, 0, interlace=True)
    for depth in 1, 2, 4, 8:
        yield f"palette-{depth}", png(bits(shade, depth), depth, 3, palette(2**depth))
    see_through = chunk(b"tRNS", bytes([0, 128, 255, 7]))
    yield "palette-4-trns", png(bits(shade, 4), 4, 3, palette(16) + see_through)
    yield "palette-8-trns", png(bits(odd_shade, 8), 8, 3, palette(256) + see_through,
                              interlace=True)
    yield "palette-short", png(bits(shade, 4), 4, 3, palette(9))
    yield "rgb-8", png(bits(color, 8), 8, 2)
    yield "rgb-8-odd", png(bits(odd_color, 8), 8, 2, parts=7)
    yield "rgb-8-interlaced", png(bits(odd_color, 8), 8, 2, interlace=True)
    yield "rgb-16", png(bits(color, 16), 16, 2)
    yield "rgb-16-odd", png(bits(odd_color, 16), 16, 2)
    yield "rgb-16-interlaced", png(bits(odd_color, 16), 16, 2, interlace=True)
    yield "rgba-8", png(bits(rgba, 8), 8, 6)
    yield "rgba-8-interlaced", png(bits(rgba, 8), 8, 6, interlace=True)
    yield "rgba-16", png(bits(rgba, 16), 16, 6)
    yield "grey-alpha-8", png(bits(grey_alpha, 8), 8, 4)
    yield "grey-alpha-16", png(bits(grey_alpha, 16), 16, 4)
    yield "grey-8-trns", png(bits(shade, 8), 8, 0, chunk(b"tRNS", struct.pack(">H", 100)))
    yield "grey-2-trns", png(bits(shade, 2), 2, 0, chunk(b"tRNS", struct.pack(">H", 1)))
    yield "grey-16-trns", png(bits(shade, 16), 16, 0, chunk(b"tRNS", struct.pack(">H", 100)))
    yield "rgb-8-trns", png(bits(color, 8), 8, 2, chunk(b"tRNS", struct.pack(">HHH", 99, 99, 99)))
    yield "rgb-16-trns", png(bits(color, 16), 16, 2, chunk(b"tRNS", struct.pack(">HHH", 9, 9, 9)))
    yield "rgb-8-gamma", png(bits(color, 8), 8, 2, chunk(b"gAMA", struct.pack(">I", 100000))
                             + chunk(b"bKGD", b"\0\1\0\2\0\3"))
    yield "grey-16-dark", png(bits(odd_shade * 0.02, 16), 16, 0)
    yield "one-pixel-16", png(bits(scene(1, 1), 16), 16, 2)
    yield "black-white-16", png((bits(odd_shade, 1) * 65535).astype(np.uint16), 16, 0)
    small = bits(scene(24, 17, 8), 8)
    for turn in range(1, 9):
        yield f"exif-{turn}", png(small, 8, 2, chunk(b"eXIf", turned(turn, "<>"[turn % 2])))
    yield "exif-16-8", png(bits(scene(24, 17, 8), 16), 16, 2, chunk(b"eXIf", turned(8)))
    yield "exif-late", png(small, 8, 2, after=chunk(b"eXIf", turned(6)))
    whole = png(bits(color, 8), 8, 2)
    yield "cut", whole[:len(whole) * 6 // 10]
    yield "cut-end", whole[:-12]
    yield "bad-crc", whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]
    yield "bad-text-crc", png(bits(color, 8), 8, 2, chunk(b"tEXt", b"a\0b")[:-1] + b"?")
    yield "extra-rows", png(bits(color, 8), 8, 2, height=20)
    yield "missing-rows", png(bits(color, 8), 8, 2, height=40)
    yield "no-palette", png(bits(shade, 4), 4, 3)


for name, data in jpegs():
    (OUT / f"{name}.jpg").write_bytes(data)
for name, data in pngs():
    (OUT / f"{name}.png").write_bytes(data)
(OUT / "empty.png").write_bytes(b"")
(OUT / "text.jpg").write_bytes(b"no picture at all\n")
