"""What may be handed in: kinds of files by their content, sizes, and names that are only names."""

import unicodedata
from collections.abc import Collection

LARGEST = 20 * 1024 * 1024
MOST = 20
LONGEST_NAME = 120
# What people hand in: scans, photographs, office documents, recordings. Nothing that a browser would run.
KINDS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif"),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/ofd": ("ofd",),
    "audio/mpeg": ("mp3",),
    "audio/x-wav": ("wav",),
    "audio/m4a": ("m4a",),
    "audio/amr": ("amr",),
    "video/mp4": ("mp4",),
    "text/plain": ("txt", "csv"),
}


def safe_name(name: str, media_type: str) -> str:
    """The last part of a name without control and path characters, ending as its content says."""
    plain = unicodedata.normalize("NFKC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in plain if unicodedata.category(c)[0] not in "C" and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = plain.rpartition(".")
    endings = KINDS[media_type]
    if not dot or ending.lower() not in endings:
        stem, ending = plain, endings[0]
    return f"{stem[:LONGEST_NAME] or '附件'}.{ending.lower()}"


HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
OTHER_PICTURES = frozenset({b"avif", b"avis"})
LONGEST_BRANDS = 512


def is_heic(content: bytes) -> bool:
    """Return whether this is a picture of a telephone: an ISO-BMFF file whose brand is one of HEIF's, and none of AVIF's."""
    size = min(int.from_bytes(content[:4]), LONGEST_BRANDS)
    if content[4:8] != b"ftyp" or size < 16 or content[8:12] not in HEIC_BRANDS:
        return False
    return not any(content[place : place + 4] in OTHER_PICTURES for place in range(16, size, 4))


def is_ofd(names: Collection[str]) -> bool:
    """Return whether a ZIP with these entries is an OFD document (GB/T 33190): `OFD.xml` lies at its root."""
    return "OFD.xml" in names
